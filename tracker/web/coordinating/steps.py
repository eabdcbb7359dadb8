"""Which steps of a difficulty are open to the visitor, and who is told of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import Row

from tracker import permissions
from tracker.days import spelled
from tracker.delivery.keeping import settle
from tracker.difficulties import queries
from tracker.difficulties.kinds import KINDS
from tracker.difficulties.states import (
    ANSWER,
    CHARGE,
    EVENTS,
    PICK_UP,
    PRESS,
    RAISE,
    SETTLE,
    SORT,
    TRANSITIONS,
    WITHDRAW,
)
from tracker.papers.matter_letters import Told
from tracker.web import edge
from tracker.web.coordinating.telling import tell_office, tell_unit

OFFICE_STEPS = (SORT, CHARGE, ANSWER, SETTLE, PICK_UP)
UNIT_STEPS = (PRESS, SETTLE, WITHDRAW)
CHARGED_STEPS = (ANSWER,)
# Who hears of these has something to do, until it is done or lies with somebody else.
ASKS = (RAISE, PRESS, PICK_UP, CHARGE)
MOVES_ON = (CHARGE, ANSWER, SETTLE, WITHDRAW)
# As they stand in an address.
NAMES: Mapping[str, str] = {
    "sort": SORT,
    "charge": CHARGE,
    "answer": ANSWER,
    "settle": SETTLE,
    "pick-up": PICK_UP,
    "press": PRESS,
    "withdraw": WITHDRAW,
}


def is_office(row: Row[Any]) -> bool:
    actor = current_user.actor
    return permissions.may(actor, "answer difficulties") and actor.unit_id == row.office_id


def open_to_visitor(row: Row[Any]) -> list[str]:
    """By who the visitor is, and by the table of states."""
    mine: list[str] = [*OFFICE_STEPS] if is_office(row) else []
    if current_user.may("ask office"):
        if row.unit_id == current_user.unit_id:
            mine += UNIT_STEPS
        if row.charged_unit_id == current_user.unit_id:
            mine += CHARGED_STEPS
    return [step for step in dict.fromkeys(mine) if (row.state, step) in TRANSITIONS]


def told(difficulty_id: int, step: str) -> None:
    """The unit and who is charged hear of each step, the office of what units do."""
    row, by = queries.one(difficulty_id), edge.by()
    if row is None:
        return
    matter = f"difficulty:{difficulty_id}"
    if step in MOVES_ON:
        settle([matter], at=by.at)
    news = Told(
        about=f"{matter}:{step}",
        step=f"需协调事项：{EVENTS[step]}",
        title=row.title,
        lines=(f"类别：{KINDS[row.kind]}", row.words, _said(row, step)),
        unit=f"{row.unit}的",
        link=url_for("difficulties.show", difficulty_id=difficulty_id),
    )
    if step != RAISE:
        tell_unit(row.unit_id, news, by)
    asks = replace(news, waits_for=matter) if step in ASKS else news
    if row.charged_unit_id != row.unit_id:
        tell_unit(row.charged_unit_id, asks, by)
    if not is_office(row):
        tell_office(row.office_id, asks, by)
    other = queries.shown_to(row.kind)
    if step == RAISE and other != row.unit_id:
        tell_unit(other, asks, by)


def _said(row: Row[Any], step: str) -> str:
    if step == ANSWER:
        return f"答复：{row.answer}"
    if step == CHARGE:
        whom = row.charged_unit or row.charged_person
        return f"由{whom}承办，{spelled(row.answer_by)}前答复"
    return ""
