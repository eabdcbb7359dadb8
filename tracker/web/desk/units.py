"""单位: search, and one unit with its names, hand-overs and tasks."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.registry import queries
from tracker.supervision import counting, trends
from tracker.tasks import queries as tasks
from tracker.tasks.queries import Narrowing
from tracker.web.access import access
from tracker.web.desk.looking import past_day, sight
from tracker.web.paging import PAGE, asked_after, page_of

pages = Blueprint("units", __name__)


@pages.get("/units")
@access("read units")
def index() -> ResponseReturnValue:
    words = request.args.get("words", "").strip()[:80]
    after = asked_after()
    page = page_of(queries.units_like(words, after=after, limit=PAGE + 1), after)
    counts = tasks.counts_by_unit([unit.id for unit in page.rows])
    return render_template("desk/units.html", page=page, words=words, counts=counts)


@pages.get("/units/<int(max=2147483647):unit_id>")
@access("read units")
def unit(unit_id: int) -> ResponseReturnValue:
    found = queries.unit(unit_id) or abort(404)
    reads_tasks = current_user.may("read measures")
    past, wrong_day = past_day()
    of = sight(day=past, unit=found.id)
    follows = current_user.follows(found.id, of.picked.office)
    return render_template(
        "desk/unit.html",
        unit=found,
        aliases=queries.aliases_of(found.id),
        children=queries.children_of(found.id),
        successions=queries.successions_of(found.id),
        counts=tasks.counts_of_unit(found.id) if reads_tasks else [],
        page=page_of(tasks.page(Narrowing(unit_id=found.id), after=0, limit=PAGE + 1), 0)
        if reads_tasks
        else None,
        sight=of,
        past=past,
        wrong_day=wrong_day,
        reads_sources=current_user.may("read sources"),
        line=counting.lights(of.asked, of.soon, of.picked) if follows else None,
        turns=trends.trend(of)[::-1] if follows else [],
        supervises=current_user.may("see supervision"),
    )
