"""明确承接单位: after a split a person of the office says who goes on with each task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.db import db
from tracker.registry import queries
from tracker.registry.models import Unit
from tracker.tasks import queries as tasks, reorganising
from tracker.tasks.models import Task
from tracker.tasks.states import Forbidden
from tracker.tasks.succeeding import heirs_on
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import typed
from tracker.web.paging import PAGE, asked_after, numbers_ticked, page_of

MOST_AT_ONCE = 2 * PAGE
CLASS = "class"
CHOSEN = "chosen"

Wrong = dict[str, str]

pages = Blueprint("successors", __name__)


@pages.get("/successors")
@access("keep units")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/successors")
@access("keep units")
def choose() -> ResponseReturnValue:
    """All ticked tasks to one unit, or none."""
    chosen, name = _ticked(), request.form.get("unit", "").strip()
    unit, day = queries.units_named([name]).get(name), typed(request.form.get("day", ""))
    wrong = _wrong(chosen, unit)
    if day is None or day <= today():
        wrong["day"] = "请填写晚于今天的日期，格式如 2026-01-31。"
    if wrong or unit is None or day is None:
        return _page(wrong=wrong, code=422)
    try:
        number = reorganising.choose(chosen, edge.by(), unit_id=unit.id, day=day)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(wrong={"task": str(sentence)}, code=422)
    edge.commit("choose successor", unit.name, tasks=[task.id for task in chosen])
    flash(f"已明确{len(chosen)}项任务由{name}承接，{number}项应报事项随之转交。")
    return redirect(url_for("successors.index"))


def _ticked() -> Sequence[Task]:
    """Those of the office's own notices; others are as if they were not there."""
    return tasks.open_tasks_of_office(numbers_ticked("task", MOST_AT_ONCE), current_user.unit_id)


def _wrong(chosen: Sequence[Task], unit: Unit | None) -> Wrong:
    wrong: Wrong = {}
    if not chosen:
        wrong["task"] = "没有选择任务，请先勾选。"
    if unit is None:
        wrong["unit"] = "名录中没有这个单位，请填写单位全称。"
    elif unit.kind == CLASS:
        wrong["unit"] = "这是一类单位，不能交办，请填写具体单位。"
    elif unit.id in heirs_on(today()).certain:
        wrong["unit"] = "这个单位的职责已由其他单位承接，请填写承接单位。"
    return wrong


def _page(*, wrong: Mapping[str, str] | None = None, code: int = 200) -> ResponseReturnValue:
    is_chosen, after = request.args.get("state") == CHOSEN, asked_after()
    found = tasks.to_choose_for(
        current_user.unit_id, today(), is_chosen=is_chosen, after=after, limit=PAGE + 1
    )
    page = page_of(found, after)
    suggested = queries.workdays().after(today(), reorganising.LATER_WORKDAYS)
    shown = render_template(
        "admin/successors.html",
        page=page,
        is_chosen=is_chosen,
        likely=queries.successors_of({row.unit_id for row in page.rows}),
        units=queries.unit_choices(),
        wrong=wrong or {},
        ticked=set(request.form.getlist("task")),
        unit=request.form.get("unit", "")[:80],
        day=request.form.get("day", suggested.isoformat())[:20],
    )
    return shown, code
