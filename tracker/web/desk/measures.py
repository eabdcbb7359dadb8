"""事项: search, and one measure with everything that is known of it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.notices import queries
from tracker.registry import queries as registry
from tracker.tasks import designations, queries as tasks
from tracker.tasks.states import LEAD, LOCAL, SUPPORT
from tracker.web.access import access
from tracker.web.desk.spreading import spread
from tracker.web.paging import PAGE, asked_after, number_asked, page_of
from tracker.web.words import SCOPE_STATES

ORDER = (LEAD, SUPPORT, LOCAL)

pages = Blueprint("measures", __name__)


@pages.get("/measures")
@access("read measures")
def index() -> ResponseReturnValue:
    words = request.args.get("words", "").strip()[:100]
    notices = queries.notices()
    chosen = next((n for n in notices if n.slug == request.args.get("notice")), None)
    after, scope = asked_after(), request.args.get("scope", "")
    scope, office = scope if scope in SCOPE_STATES else "", number_asked("office")
    found = queries.measures_like(
        words,
        notice_id=chosen.id if chosen else None,
        scope=scope,
        office_id=office,
        after=after,
        limit=PAGE + 1,
    )
    page = page_of(found, after)
    named = queries.named_units([row.id for row in page.rows])
    slug = chosen.slug if chosen else ""
    return render_template(
        "desk/measures.html",
        page=page,
        named=named,
        notices=notices,
        offices=[(one.id, one.name) for one in registry.offices()],
        asked={"words": words, "notice": slug, "scope": scope, "office": office},
    )


@pages.get("/measures/<int(max=2147483647):measure_id>")
@access("read measures")
def measure(measure_id: int) -> ResponseReturnValue:
    found = queries.measure(measure_id) or abort(404)
    rows = sorted(tasks.of_measure(found.id), key=lambda row: ORDER.index(row.role))
    reaches = queries.reaches(found.id)
    done = [name for name, is_done in reaches if is_done]
    return render_template(
        "desk/measure.html",
        measure=found,
        mentions=queries.mentions(found.id),
        cities=[name for name, is_done in reaches if not is_done],
        done=done,
        heirs=queries.heirs(found.id),
        remarks=queries.remarks_on(found.id),
        told=designations.told(found.id),
        **spread(found, rows, done),
    )
