"""本地不涉及: a city asks to be 免报, for one task or many at once, and sees what became of it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.permissions import FILER
from tracker.reports import desk
from tracker.tasks import waiving
from tracker.tasks.states import ASKED, OPEN, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing.forms import ReasonForm
from tracker.web.paging import number_in

pages = Blueprint("exemptions", __name__)


@pages.get("/exemptions")
@access("see own obligations")
def index() -> ResponseReturnValue:
    return _page(ReasonForm(formdata=None))


@pages.post("/exemptions")
@access("file reports")
def ask() -> ResponseReturnValue:
    form, ids = ReasonForm(), _ticked()
    found = desk.tasks_to_ask_for(current_user.unit_id, ids)
    if len(found) != len(ids):
        abort(404)
    if not form.validate_on_submit() or not ids:
        return _page(form, refusal="" if ids else "请先勾选不涉及的任务。"), 422
    try:
        number = waiving.ask_all(found, edge.by(), reason=form.reason.data or "")
    except Forbidden as sentence:
        return _page(form, refusal=str(sentence)), 422
    edge.commit("ask exemption", current_user.unit, tasks=sorted(ids))
    flash(f"已提出{number}项免报申请，统筹单位确认前仍须按期报送。")
    return redirect(url_for("exemptions.index"))


def _ticked() -> set[int]:
    numbers = {number_in(value) for value in request.form.getlist("task")}
    return {abort(404) if number is None else number for number in numbers}


def _page(form: ReasonForm, *, refusal: str = "") -> str:
    rows = desk.local_tasks(current_user.unit_id)
    open_rows = [row for row in rows if row.state == OPEN and row.waiver_state != ASKED]
    notices = {row.slug: row.short_title for row in open_rows}
    return render_template(
        "filing/exemptions.html",
        form=form,
        refusal=refusal,
        asked=[row for row in rows if row.waiver_state],
        open_rows=open_rows,
        notices=notices,
        ticked=set(request.form.getlist("task")),
        may_ask=FILER in current_user.roles,
    )
