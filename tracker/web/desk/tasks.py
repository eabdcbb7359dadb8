"""任务: the list, narrowed by filters that stay in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.notices import queries as notices
from tracker.registry import queries as registry
from tracker.tasks import queries
from tracker.tasks.queries import Narrowing
from tracker.tasks.states import LABELS, ROLES
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

COUNTED = 10_000

pages = Blueprint("tasks", __name__)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for; names that mean nothing are left out."""

    asked: dict[str, Any]
    narrowing: Narrowing

    @property
    def any(self) -> bool:
        return any(self.asked.values())


@pages.get("/tasks")
@access("read measures")
def index() -> ResponseReturnValue:
    known, cities = notices.notices(), registry.cities()
    filters = _filters({n.slug: n.id for n in known}, {city.code: city.id for city in cities})
    after = asked_after()
    found = queries.page(filters.narrowing, after=after, limit=PAGE + 1)
    return render_template(
        "desk/tasks.html",
        page=page_of(found, after),
        number=queries.number_of(filters.narrowing, at_most=COUNTED),
        counted=COUNTED,
        filters=filters,
        notices=known,
        cities=cities,
        units=queries.units_with_tasks(),
        offices=[(one.id, one.name) for one in registry.offices()],
    )


def _filters(slugs: dict[str, int], codes: dict[str, int]) -> Filters:
    slug, code = request.args.get("notice", ""), request.args.get("city", "")
    role, unit = request.args.get("role", ""), number_asked("unit")
    state, office = request.args.get("state", ""), number_asked("office")
    words = request.args.get("words", "").strip()[:100]
    return Filters(
        asked={
            "notice": slug if slug in slugs else "",
            "unit": unit,
            "city": code if code in codes else "",
            "role": role if role in ROLES else "",
            "state": state if state in LABELS else "",
            "office": office,
            "words": words,
        },
        narrowing=Narrowing(
            notice_id=slugs.get(slug),
            unit_id=unit,
            city_id=codes.get(code),
            role=role if role in ROLES else "",
            state=state if state in LABELS else "",
            office_id=office,
            words=words,
        ),
    )
