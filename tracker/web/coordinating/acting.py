"""One step of a difficulty: sorted, charged, answered, settled, pressed, withdrawn, picked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from tracker.db import db
from tracker.difficulties import answering, queries, raising, states
from tracker.difficulties.models import Difficulty
from tracker.registry import queries as registry
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating import difficulties, own, steps
from tracker.web.days import typed

pages = Blueprint("acting", __name__)


@pages.post("/difficulties/<int(max=2147483647):difficulty_id>/<step>")
@access("see difficulties")
def act(difficulty_id: int, step: str) -> ResponseReturnValue:
    row, event = difficulties.seen(difficulty_id), steps.NAMES.get(step) or abort(404)
    difficulty = queries.difficulty(difficulty_id) or abort(404)
    try:
        _check(row, event)
        DO[event](difficulty)
    except Forbidden as sentence:
        db.session.rollback()
        return difficulties.page(difficulties.seen(difficulty_id), wrong={event: str(sentence)})
    steps.told(difficulty_id, event)
    edge.commit("handle difficulty", str(difficulty_id), event=event)
    flash(f"已{states.EVENTS[event]}。")
    return redirect(url_for("difficulties.show", difficulty_id=difficulty_id))


def _check(row: Row[Any], event: str) -> None:
    """Not theirs to do is not found; not possible any more is said."""
    if event in steps.open_to_visitor(row):
        return
    states.after(row.state, event)
    abort(404)


def _note() -> str:
    return request.form.get("note", "")


def _sort(difficulty: Difficulty) -> None:
    important = request.form.get("is_important") == "1"
    kind = request.form.get("kind", "")
    answering.sort(difficulty, edge.by(), kind=kind, is_important=important)


def _charge(difficulty: Difficulty) -> None:
    """A unit by its name, or one of the office's people."""
    name = request.form.get("unit", "").strip()
    unit = registry.units_named([name]).get(name) if name else None
    if name and unit is None:
        raise Forbidden("名录中没有这个单位，请从列表中选择。")
    person_id = own.number_in("person")
    people = {person.id: person.name for person in own.colleagues()}
    if person_id is not None and person_id not in people:
        raise Forbidden("请选择本单位的承办人。")
    answering.charge(
        difficulty,
        edge.by(),
        unit_id=unit.id if unit else None,
        person_id=person_id,
        answer_by=typed(request.form.get("answer_by", "")),
        whom=unit.name if unit else people.get(person_id or 0, ""),
        note=_note(),
    )


DO: Mapping[str, Callable[[Difficulty], None]] = {
    states.SORT: _sort,
    states.CHARGE: _charge,
    states.ANSWER: lambda one: answering.answer(one, edge.by(), words=_note()),
    states.SETTLE: lambda one: raising.settle(one, edge.by(), note=_note()),
    states.PICK_UP: lambda one: answering.pick_up(one, edge.by(), note=_note()),
    states.PRESS: lambda one: raising.press(one, edge.by(), note=_note()),
    states.WITHDRAW: lambda one: raising.withdraw(one, edge.by(), note=_note()),
}
