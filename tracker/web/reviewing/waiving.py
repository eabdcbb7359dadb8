"""免报 by the office itself: a measure in as many cities as are ticked, with one reason."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.notices import queries as notices
from tracker.notices.models import Measure
from tracker.tasks import queries, waiving
from tracker.tasks.models import Task
from tracker.tasks.states import OPEN, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.paging import number_asked
from tracker.web.reviewing.own import own_notices

pages = Blueprint("waiving", __name__)


@pages.get("/waivers/new")
@access("rule waivers")
def choose() -> ResponseReturnValue:
    """The notice, then the measure."""
    known = own_notices()
    chosen = next((n for n in known if n.slug == request.args.get("notice")), None)
    measure_id = number_asked("measure")
    rows = notices.measure_rows(chosen.id) if chosen else []
    if measure_id and measure_id in {row.id for row in rows}:
        return redirect(url_for("waiving.show", measure_id=measure_id))
    asked = {"notice": chosen.slug if chosen else ""}
    return render_template("reviewing/waive_choose.html", notices=known, measures=rows, asked=asked)


@pages.get("/waivers/measures/<int(max=2147483647):measure_id>")
@access("rule waivers")
def show(measure_id: int) -> ResponseReturnValue:
    return _page(_own_measure(measure_id))


@pages.post("/waivers/measures/<int(max=2147483647):measure_id>")
@access("rule waivers")
def waive(measure_id: int) -> ResponseReturnValue:
    measure = _own_measure(measure_id)
    ticked = set(request.form.getlist("task"))
    tasks = [task for task in queries.locals_of(measure.id) if str(task.id) in ticked]
    if not any(task.state == OPEN for task in tasks):
        return _page(measure, wrong={"task": "请至少勾选一个正在报送的地市。"})
    try:
        number = waiving.waive(tasks, edge.by(), reason=request.form.get("reason", ""))
        edge.commit("waive", f"{measure.title}", tasks=[task.id for task in tasks])
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_own_measure(measure_id), wrong={"reason": str(sentence)})
    flash(f"已为{number}个地市办理免报。")
    return redirect(url_for("waiving.show", measure_id=measure_id))


def _own_measure(measure_id: int) -> Measure:
    measure = notices.measure(measure_id) or abort(404)
    if measure.notice_id not in {notice.id for notice in own_notices()}:
        abort(404)
    return measure


def _page(measure: Measure, *, wrong: dict[str, str] | None = None) -> ResponseReturnValue:
    tasks: Sequence[Task] = queries.locals_of(measure.id)
    page = render_template(
        "reviewing/waive.html",
        measure=measure,
        tasks=tasks,
        ticked=set(request.form.getlist("task")),
        reason=request.form.get("reason", ""),
        wrong=wrong or {},
    )
    return page, 422 if wrong else 200
