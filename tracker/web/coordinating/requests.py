"""What a unit asks its office for: 延期, 归属异议, 销号; and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.coordinating import closing, disputing, extending, queries, unfinished
from tracker.coordinating.closing import outcome_of
from tracker.db import db
from tracker.delivery.keeping import settle
from tracker.registry import queries as registry
from tracker.registry.models import Unit
from tracker.tasks import queries as tasks
from tracker.tasks.states import DUE, RETURNED, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating import asking, own
from tracker.web.days import lights, typed
from tracker.web.filing import records

pages = Blueprint("requests", __name__)


@pages.get("/requests")
@access("ask office")
def index() -> ResponseReturnValue:
    unit_id = current_user.unit_id
    return render_template(
        "coordinating/requests.html",
        extensions=queries.extensions_by(unit_id),
        disputes=queries.disputes_by(unit_id),
        closings=queries.closings_by(unit_id),
        light=lights(),
    )


@pages.get("/obligations/<int(max=2147483647):obligation_id>/extension")
@access("ask office")
def extension(obligation_id: int) -> ResponseReturnValue:
    return _extension_page(obligation_id)


@pages.post("/obligations/<int(max=2147483647):obligation_id>/extension")
@access("ask office")
def ask_extension(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_work_on(obligation_id)
    form = request.form
    day = typed(form.get("wished_on", ""))
    try:
        asked = extending.ask(owed, edge.by(), reason=form.get("reason", ""), wished_on=day)
    except Forbidden as sentence:
        db.session.rollback()
        return _extension_page(obligation_id, wrong=str(sentence))
    asking.tell_extension(asked, owed)
    edge.commit("ask extension", str(asked.id), obligation=obligation_id)
    return _asked("已提出延期申请；统筹单位同意之前，仍须按原期限报送。")


def _extension_page(obligation_id: int, *, wrong: str = "") -> ResponseReturnValue:
    owed = records.to_work_on(obligation_id)
    page = render_template(
        "coordinating/extension_form.html",
        owed=owed,
        measure=owed.measure,
        report=None,
        light=lights(),
        is_open=owed.status in (DUE, RETURNED),
        typed=request.form,
        wrong=wrong,
        day=today(),
    )
    return page, 422 if wrong else 200


def _asked(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("requests.index"))


@pages.get("/tasks/<int(max=2147483647):task_id>/dispute")
@access("ask office")
def dispute(task_id: int) -> ResponseReturnValue:
    return _task_page("coordinating/dispute_form.html", task_id, units=registry.unit_choices())


@pages.post("/tasks/<int(max=2147483647):task_id>/dispute")
@access("ask office")
def ask_dispute(task_id: int) -> ResponseReturnValue:
    task, form = own.task(task_id), request.form
    reason, unit_id = form.get("reason", ""), current_user.unit_id
    try:
        named = named_unit(form.get("named", ""))
        asked = disputing.ask(task, edge.by(), unit_id=unit_id, reason=reason, named=named)
    except Forbidden as sentence:
        db.session.rollback()
        units = registry.unit_choices()
        return _task_page("coordinating/dispute_form.html", task_id, str(sentence), units=units)
    asking.tell_dispute(asked)
    edge.commit("dispute task", str(asked.id), task=task_id)
    return _asked("已提出归属异议；没有逾期的应报事项已暂停计时，等待统筹单位裁定。")


def named_unit(name: str) -> Unit | None:
    """As typed or picked from the list; nothing where nothing was typed."""
    words = name.strip()
    if not words:
        return None
    found = registry.units_named([words]).get(words)
    if found is None:
        raise Forbidden(f"名录中没有“{words[:40]}”，请从列表中选择。")
    return found


@pages.get("/tasks/<int(max=2147483647):task_id>/closing")
@access("ask office")
def close(task_id: int) -> ResponseReturnValue:
    own.task(task_id)
    return _closing_page(task_id)


@pages.post("/tasks/<int(max=2147483647):task_id>/closing")
@access("ask office")
def ask_closing(task_id: int) -> ResponseReturnValue:
    task, reason = own.task(task_id), request.form.get("reason", "")
    try:
        asked = closing.ask(task, edge.by(), unit_id=current_user.unit_id, reason=reason)
    except Forbidden as sentence:
        db.session.rollback()
        return _closing_page(task_id, str(sentence))
    asking.tell_closing(asked)
    edge.commit("ask closing", str(asked.id), task=task_id)
    return _asked("已申请销号，等待统筹单位核对。")


def _closing_page(task_id: int, wrong: str = "") -> ResponseReturnValue:
    outcome = outcome_of(own.task(task_id))
    open_of = unfinished.of_task(task_id, today())
    return _task_page(
        "coordinating/closing_form.html", task_id, wrong, outcome=outcome, unfinished=open_of
    )


def _task_page(template: str, task_id: int, wrong: str = "", **more: Any) -> ResponseReturnValue:
    own.task(task_id)
    page = render_template(
        template, task=tasks.one(task_id), typed=request.form, wrong=wrong, **more
    )
    return page, 422 if wrong else 200


@pages.post("/requests/<kind>/<int(max=2147483647):request_id>/withdraw")
@access("ask office")
def withdraw(kind: str, request_id: int) -> ResponseReturnValue:
    take_back: Callable[[int], None] = asking.WITHDRAWALS.get(kind) or abort(404)
    try:
        take_back(request_id)
    except Forbidden as sentence:
        db.session.rollback()
        flash(str(sentence))
        return redirect(url_for("requests.index"))
    settle([f"{kind}:{request_id}"], at=edge.by().at)
    edge.commit("withdraw request", str(request_id), kind=kind)
    return _asked("申请已撤回。")
