"""任务分解: a city's lead department, person and mechanism for each local task, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.db import db
from tracker.notices.reading.unreadable import Unreadable
from tracker.papers.cells import WrongCell
from tracker.papers.matter_letters import Told
from tracker.reports import parting
from tracker.tasks import breakdowns
from tracker.tasks.breaking_down import Order, break_down, cleaned, wrongs
from tracker.tasks.states import Forbidden
from tracker.web import downloads, edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_units
from tracker.web.days import typed
from tracker.web.filing import breakdown_sheet
from tracker.web.filing.records import is_filer
from tracker.web.limits import takes

ROOM = 4 * 1024 * 1024
Wrong = Mapping[int, Mapping[str, str]]

pages = Blueprint("breakdown", __name__)


@pages.get("/breakdown")
@access("see own obligations")
def index() -> ResponseReturnValue:
    return _page(_rows())


@pages.post("/breakdown")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def save() -> ResponseReturnValue:
    """All rows of the page, or none while one of them is wrong."""
    rows = _rows() or abort(404)
    typed_rows = {row.id: _typed(row.id) for row in rows if f"lead-{row.id}" in request.form}
    wrong = {task_id: found for task_id, one in typed_rows.items() if (found := wrongs(one))}
    if wrong:
        return _page(rows, typed=typed_rows, wrong=wrong)
    return _written(typed_rows)


def _typed(task_id: int) -> Order:
    fields = {name: request.form.get(f"{name}-{task_id}", "") for name in breakdown_sheet.FIELDS}
    return cleaned(Order(**fields))


def _written(orders: Mapping[int, Order]) -> ResponseReturnValue:
    try:
        changed = break_down(current_user.unit_id, orders, edge.by())
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_rows(), refusal=str(sentence))
    edge.commit("break down tasks", current_user.unit, changed=changed)
    flash(f"已保存，更新{changed}项。" if changed else "内容没有变化。")
    return redirect(url_for("breakdown.index"))


@pages.get("/breakdown.xlsx")
@access("see own obligations")
def form() -> ResponseReturnValue:
    rows = _rows() or abort(404)
    return downloads.workbook(breakdown_sheet.form(rows), "任务分解表.xlsx")


@pages.post("/breakdown/upload")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def upload() -> ResponseReturnValue:
    """What is filled in offline; every wrong cell is named, and nothing is taken meanwhile."""
    rows, file = _rows() or abort(404), request.files.get("file")
    if file is None or not file.filename:
        return _page(rows, refusal="请选择填好的任务分解表。")
    try:
        orders, cells = breakdown_sheet.read(file.stream.read(ROOM), rows)
    except Unreadable as sentence:
        return _page(rows, refusal=str(sentence))
    return _page(rows, cells=cells) if cells else _written(orders)


@pages.post("/breakdown/ask")
@access("file reports")
def ask() -> ResponseReturnValue:
    """Every lead department is asked for its part of what the city owes now."""
    rows, day = _rows() or abort(404), typed(request.form.get("day", ""))
    by = edge.by()
    if day is None or day < by.day:
        return _page(rows, asking={"day": "请填写提供材料的日期，不早于今天。"})
    try:
        pairs = breakdowns.to_ask(current_user.unit_id)
        words = request.form.get("words", "")
        number = parting.ask_each(pairs, by, words=words, day=day)
        line = words.strip()[:500]
        asked = Told(
            about=f"parts:{current_user.unit_id}",
            step="请提供协办材料",
            title=f"{current_user.unit}本期报告",
            lines=(line,),
            link="/parts",
        )
        tell_units({unit_id for _, unit_id in pairs}, asked, by)
        edge.commit("ask for parts", current_user.unit, number=number)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(rows, asking={"words": str(sentence)})
    flash(f"已请市牵头部门提供{number}份协办材料。")
    return redirect(url_for("breakdown.index"))


def _rows() -> Sequence[Any]:
    return breakdowns.of_unit(current_user.unit_id)


def _page(
    rows: Sequence[Any],
    *,
    typed: Mapping[int, Order] | None = None,
    wrong: Wrong | None = None,
    cells: Sequence[WrongCell] = (),
    refusal: str = "",
    asking: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """`asking` is what is wrong with a request for parts: it stays open, as it was typed."""
    kept = {
        row.id: Order(lead=row.lead, person=row.person, mechanism=row.mechanism)
        for row in rows
        if row.lead
    }
    page = render_template(
        "filing/breakdown.html",
        rows=rows,
        orders={**kept, **(typed or {})},
        empty_order=Order(),
        wrong=wrong or {},
        cells=cells,
        refusal=refusal,
        asking=asking or {},
        asked=request.form if asking else {},
        departments=breakdowns.departments(current_user.unit_id),
        may_write=is_filer(),
    )
    return page, 422 if wrong or cells or refusal or asking else 200
