"""待处理事项, kind by kind, for who may read what waits and not rule on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row

from tracker.clock import today
from tracker.coordinating import cases, waiting
from tracker.coordinating.experience import SUBMITTED
from tracker.permissions import office_seen_by
from tracker.supervision import queries as urges, states
from tracker.supervision.waiting import MATTERS
from tracker.tasks import designations, queries as tasks
from tracker.tasks.states import ASKED
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after

WORDS = {matter.key: matter.words for matter in MATTERS}

pages = Blueprint("open_matters", __name__)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of them; `key` is what a page goes on after."""

    key: int
    title: str
    unit: str
    href: str
    at: datetime | None = None


Lines = Callable[[int, int], Iterator[Line]]


def _asked(found: Callable[..., Any], task_of: Callable[[Row[Any]], int]) -> Lines:
    def lines(office: int, after: int) -> Iterator[Line]:
        for row in found(office, limit=PAGE + 1, after=after):
            href = url_for("task.show", task_id=task_of(row))
            yield Line(
                key=row.request_id,
                title=row.title,
                unit=row.asking_unit,
                href=href,
                at=row.asked_at,
            )

    return lines


def _urges(state: str) -> Lines:
    def lines(office: int, after: int) -> Iterator[Line]:
        for row in urges.urges_of_office(office, state, day=today(), after=after, limit=PAGE + 1):
            href = url_for("urge.show", urge_id=row.id)
            yield Line(key=row.id, title=f"{row.covers}项逾期事项", unit=row.unit_name, href=href)

    return lines


def _waivers(office: int, after: int) -> Iterator[Line]:
    """With those that cannot be ruled on while their task is disputed: they wait all the same."""
    for row in tasks.waivers_in(ASKED, office, after=after, limit=PAGE + 1):
        href = url_for("task.show", task_id=row.id)
        yield Line(key=row.waiver_id, title=row.title, unit=row.unit, href=href, at=row.asked_at)


def _cases(office: int, after: int) -> Iterator[Line]:
    for row in cases.of_office(office, state=SUBMITTED, after=after, limit=PAGE + 1):
        href = url_for("cases.show", case_id=row.id)
        yield Line(key=row.id, title=row.title, unit=row.unit, href=href, at=row.filed_at)


def _undecided(office: int, after: int) -> Iterator[Line]:
    """A notice leaves few things open: they are at hand whole, and counted off."""
    waits = [one for one in designations.open_for(office) if not one.is_decided]
    for number, one in enumerate(waits[after : after + PAGE + 1], start=after + 1):
        href = url_for("measures.measure", measure_id=one.measure_id)
        yield Line(key=number, title=one.title, unit=one.printed or "没有写明", href=href)


LISTED: Mapping[str, Lines] = {
    "extensions": _asked(waiting.extensions, lambda row: int(row.task_id)),
    "disputes": _asked(waiting.disputes, lambda row: int(row.id)),
    "closings": _asked(waiting.closings, lambda row: int(row.id)),
    "waivers": _waivers,
    "undecided": _undecided,
    "cases": _cases,
    "proposed_urges": _urges(states.PROPOSED),
    "answered_urges": _urges(states.ANSWERED),
}


def install(app: Flask) -> None:
    app.jinja_env.globals.update(listed_matters=LISTED)


@pages.get("/dashboard/matters/<kind>")
@access("see supervision")
def show(kind: str) -> ResponseReturnValue:
    office, lines = office_seen_by(current_user.actor), LISTED.get(kind)
    if office is None or lines is None:
        abort(404)
    after = asked_after()
    rows = list(lines(office, after))
    return render_template(
        "desk/open_matters.html",
        kind=kind,
        words=WORDS[kind],
        rows=rows[:PAGE],
        is_first=not after,
        next_after=rows[PAGE - 1].key if len(rows) > PAGE else None,
    )
