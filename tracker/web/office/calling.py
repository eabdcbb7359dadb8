"""临时调度: the office's calls, a new one, the answers in one table and in Excel."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.days import spelled
from tracker.db import db
from tracker.papers.matter_letters import Told
from tracker.papers.workbook import workbook
from tracker.reports import calls
from tracker.reports.bodies import Body
from tracker.tasks import calling
from tracker.tasks.models import Call
from tracker.tasks.questions import FILE, NUMBER, NUMERAL, Question
from tracker.tasks.states import OBLIGATIONS, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_units
from tracker.web.days import lights, typed
from tracker.web.office import call_form
from tracker.web.paging import PAGE, number_asked, number_in
from tracker.web.reviewing.own import own_notices

ONE = "/calls/<int(max=2147483647):call_id>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = (("单位", 24), ("地市", 10), ("报送期限", 12), ("状态", 12), ("首次报送", 12))
WIDTH = 24
LONGEST_EXACT = 15  # Excel keeps no more digits of a number than these

pages = Blueprint("calling", __name__)


@pages.get("/calls")
@access("make calls")
def index() -> ResponseReturnValue:
    day, before = today(), number_asked("before") or 0
    rows = calls.of_office(current_user.unit_id, today=day, before=before, limit=PAGE + 1)
    return render_template(
        "office/calls.html",
        rows=rows[:PAGE],
        before=before,
        next_before=rows[PAGE - 1].id if len(rows) > PAGE else None,
        burden=calls.burden(current_user.unit_id, year=day.year),
        year=day.year,
    )


@pages.get("/calls/new")
@access("make calls")
def new() -> ResponseReturnValue:
    chosen = next((n for n in own_notices() if n.slug == request.args.get("notice")), None)
    return call_form.page(chosen)


@pages.post("/calls/new")
@access("make calls")
def make() -> ResponseReturnValue:
    given = call_form.given(own_notices(), office_id=current_user.unit_id)
    if given.calling is None:
        return call_form.page(given.notice, wrong=given.wrong)
    try:
        by = edge.by()
        made = calling.call(given.calling, by)
        told = _told(made, "临时调度", f"请于{spelled(made.due_on)}前回复。")
        tell_units(set(given.calling.unit_ids), told, by)
        edge.commit("make call", made.title, call=made.id, units=len(given.calling.unit_ids))
    except Forbidden as sentence:
        db.session.rollback()
        return call_form.page(given.notice, wrong={"whole": str(sentence)})
    flash(f"已向{len(set(given.calling.unit_ids))}个单位发出临时调度。")
    return redirect(url_for("calling.show", call_id=made.id))


@pages.get(ONE)
@access("make calls")
def show(call_id: int) -> ResponseReturnValue:
    return _page(_own(call_id))


@pages.post(f"{ONE}/recall")
@access("make calls")
def recall(call_id: int) -> ResponseReturnValue:
    made = _own(call_id)
    try:
        by, owing = edge.by(), calls.units_owing(call_id)
        number = calling.recall(made, by, why=request.form.get("why", ""))
        tell_units(owing, _told(made, "撤回临时调度", made.ended_why), by)
        edge.commit("recall call", made.title, call=call_id, let_off=number)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_own(call_id), wrong={"recall": str(sentence)})
    flash(f"已撤回，{number}个单位不再需要回复；已回复的内容保留。")
    return redirect(url_for("calling.show", call_id=call_id))


@pages.post(f"{ONE}/day")
@access("make calls")
def put_off(call_id: int) -> ResponseReturnValue:
    """A later day, for all or for one unit; who gets it is told."""
    made, form = _own(call_id), request.form
    day, why = typed(form.get("day", "")), form.get("reason", "")
    whom = number_in(form.get("whom", ""))
    try:
        by = edge.by()
        moved = calling.put_off(made, by, day=day, why=why, obligation_id=whom)
        said = _told(made, "临时调度延期", f"请于{form['day']}前答复。", why)
        tell_units({one.unit_id for one in moved}, said, by)
        edge.commit("put off call", made.title, call=call_id, day=form["day"], units=len(moved))
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_own(call_id), wrong={"day": str(sentence)})
    flash(f"已将{len(moved)}个单位的期限延至{spelled(day) if day else ''}，并已通知。")
    return redirect(url_for("calling.show", call_id=call_id))


@pages.get(f"{ONE}/answers.xlsx")
@access("make calls")
def export(call_id: int) -> ResponseReturnValue:
    made = _own(call_id)
    asked = _asked(made)
    files = _files(made)
    rows = [_line(row, asked, files.get(row.id, ())) for row in calls.answers(made.id)]
    columns = [*HEAD, *((question.label, WIDTH) for question in asked)]
    data = workbook("回复", columns, rows)
    name = f"临时调度回复-{made.id}.xlsx"
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


def _told(made: Call, step: str, *lines: str) -> Told:
    return Told(
        about=f"call:{made.id}", step=step, title=made.title, lines=lines, link="/obligations"
    )


def _own(call_id: int) -> Call:
    return calls.one(call_id, current_user.unit_id) or abort(404)


def _asked(made: Call) -> list[Question]:
    return [Question.of(kept) for kept in made.questions]


def _files(made: Call) -> Mapping[int, calls.Rows]:
    """The form takes files for the whole answer: they stand under each question for files."""
    return calls.files(made.id) if any(one.kind == FILE for one in _asked(made)) else {}


def _page(made: Call, *, wrong: Mapping[str, str] | None = None) -> ResponseReturnValue:
    rows = calls.answers(made.id)
    page = render_template(
        "office/call.html",
        call=made,
        questions=_asked(made),
        files=_files(made),
        rows=rows,
        given={row.id: _given(row) for row in rows},
        wrong=wrong or {},
        owing=[row for row in rows if row.awaited_by],
        light=lights(),
    )
    return page, 422 if wrong else 200


def _given(row: Any) -> dict[str, str]:
    body = Body.of(row.body) if row.body else Body()
    return {answer.label: answer.text for answer in body.answers}


def _line(row: Any, asked: Sequence[Question], files: calls.Rows) -> list[str | float]:
    names = "、".join(file.name for file in files)
    given = _given(row) | {one.label: names for one in asked if one.kind == FILE}
    filed = row.first_filed_on.isoformat() if row.first_filed_on else ""
    plain = [row.unit, row.city or "", row.by_day.isoformat(), OBLIGATIONS[row.status], filed]
    return [*plain, *(_cell(question, given.get(question.label, "")) for question in asked)]


def _cell(question: Question, answer: str) -> str | float:
    """Numbers can be summed up in the table; what Excel would round stays text."""
    is_number = question.kind == NUMBER and NUMERAL.fullmatch(answer)
    return float(answer) if is_number and len(answer) <= LONGEST_EXACT else answer
