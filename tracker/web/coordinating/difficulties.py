"""需协调事项: the list, one with its history, and raising one beside the reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row

from tracker import permissions
from tracker.clock import today
from tracker.db import db
from tracker.difficulties import queries, raising
from tracker.difficulties.kinds import KINDS
from tracker.difficulties.queries import Sight, Sought
from tracker.difficulties.states import OPEN, STATES
from tracker.notices import queries as notices
from tracker.registry import queries as registry
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating import own, steps
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

STILL_OPEN = "open"

pages = Blueprint("difficulties", __name__)


@pages.get("/difficulties")
@access("see difficulties")
def index() -> ResponseReturnValue:
    sought, before, seen = _sought(), asked_after(), _sight()
    rows = queries.page(seen, sought, before=before, limit=PAGE + 1)
    return render_template(
        "coordinating/difficulties.html",
        page=page_of(rows, before),
        sought=sought,
        filters=_filters(sought),
        notices=[(one.id, one.short_title) for one in notices.notices() if one.office_id],
        units=queries.units_raising(seen),
        today=today(),
        raises=current_user.may("ask office"),
    )


def _sight() -> Sight:
    """A unit's people, an office's people and its leaders; a role without either sees none."""
    actor = current_user.actor
    unit_id = actor.unit_id if actor.roles & permissions.UNIT_SIDE else None
    kinds = queries.kinds_shown_to(actor.unit_id) if unit_id else ()
    office_id = permissions.office_seen_by(actor)
    return Sight(unit_id=unit_id, office_id=office_id, kinds=kinds)


def _sought() -> Sought:
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    return Sought(
        state=state if state in STATES or state == STILL_OPEN else "",
        kind=kind if kind in KINDS else "",
        notice=number_asked("notice"),
        unit=number_asked("unit"),
        important=request.args.get("important") == "1",
    )


def _filters(sought: Sought) -> dict[str, Any]:
    """As they stand in the address."""
    kept = {name: value for name, value in vars(sought).items() if value}
    return kept | ({"important": 1} if sought.important else {})


@pages.get("/difficulties/new")
@access("ask office")
def new() -> ResponseReturnValue:
    return _form()


@pages.post("/difficulties/new")
@access("ask office")
def add() -> ResponseReturnValue:
    form, task_id = request.form, own.number_in("task")
    task = own.task(task_id) if task_id else None
    if task is None:
        return _form(wrong={"task": "请选择任务。"})
    try:
        difficulty = raising.raise_alone(
            task,
            edge.by(),
            unit_id=current_user.unit_id,
            kind=form.get("kind", ""),
            words=form.get("words", ""),
            is_important=form.get("is_important") == "1",
        )
    except Forbidden as sentence:
        db.session.rollback()
        about = "words" if form.get("kind") in KINDS else "kind"
        return _form(wrong={about: str(sentence)})
    number = difficulty.id
    steps.told(number, "raise")
    edge.commit("raise difficulty", str(number), task=task_id)
    flash("已提出，统筹单位受理后会告知进展。")
    return redirect(url_for("difficulties.show", difficulty_id=number))


def _form(wrong: dict[str, str] | None = None) -> ResponseReturnValue:
    chosen = own.number_in("task") if request.method == "POST" else number_asked("task")
    page = render_template(
        "coordinating/difficulty_form.html",
        tasks=own.tasks(),
        chosen=chosen,
        typed=request.form,
        wrong=wrong or {},
        longest=raising.LONGEST,
    )
    return page, 422 if wrong else 200


@pages.get("/difficulties/<int(max=2147483647):difficulty_id>")
@access("see difficulties")
def show(difficulty_id: int) -> ResponseReturnValue:
    return page(seen(difficulty_id))


def seen(difficulty_id: int) -> Row[Any]:
    """One that the visitor may see; any other is not found."""
    row = queries.one(difficulty_id) or abort(404)
    raised = permissions.Raised(
        unit_id=row.unit_id,
        office_id=row.office_id,
        charged_unit_id=row.charged_unit_id,
        shown_to=queries.shown_to(row.kind),
    )
    if not permissions.may_see_difficulty(current_user.actor, raised):
        abort(404)
    return row


def page(row: Row[Any], *, wrong: dict[str, str] | None = None) -> ResponseReturnValue:
    is_office = steps.is_office(row)
    shown = render_template(
        "coordinating/difficulty.html",
        row=row,
        moves=queries.moves(row.id),
        steps=steps.open_to_visitor(row),
        units=registry.unit_choices() if is_office else [],
        colleagues=own.colleagues() if is_office else [],
        typed=request.form,
        wrong=wrong or {},
        today=today(),
        is_open=row.state in OPEN,
    )
    return shown, 422 if wrong else 200
