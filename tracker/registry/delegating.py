"""代理: a signer names a stand-in for certain days, and may end it early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tracker.db import db
from tracker.registry.models import Delegation, Person, PersonRole, Unit
from tracker.registry.people import Refused, Wrong

LONGEST_DAYS = 366


def stand_ins(signer: Person, *, never: frozenset[str]) -> list[tuple[int, str]]:
    """Who may stand in: people of the signer's unit or of its parent department."""
    units = select(Unit.parent_id).where(Unit.id == signer.unit_id, Unit.parent_id.is_not(None))
    near = (Person.unit_id == signer.unit_id) | Person.unit_id.in_(units)
    query = (
        select(Person.id, Person.name, Unit.name.label("unit"))
        .join(Unit, Person.unit_id == Unit.id)
        .where(near, Person.id != signer.id, Person.is_locked.is_(False))
        .where(~Person.roles.any(PersonRole.role.in_(never)), Person.roles.any())
        .order_by(Person.id)
    )
    return [(row.id, f"{row.name}（{row.unit}）") for row in db.session.execute(query)]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is to stand in, from the first day to the last, both included."""

    stand_in_id: int
    first_day: date
    last_day: date


def delegate(signer: Person, asked: Asked, *, today: date) -> Delegation:
    """Whoever is named may sign for the unit on these days; the caller commits."""
    if wrong := _wrongs(signer.id, asked, today):
        raise Refused(wrong)
    made = Delegation(
        signer_id=signer.id,
        stand_in_id=asked.stand_in_id,
        first_day=asked.first_day,
        last_day=asked.last_day,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _wrongs(signer_id: int, asked: Asked, today: date) -> Wrong:
    wrong: Wrong = {}
    if asked.first_day < today:
        wrong["first_day"] = "开始日期不能早于今天。"
    if asked.last_day < asked.first_day:
        wrong["last_day"] = "结束日期不能早于开始日期。"
    elif (asked.last_day - asked.first_day).days >= LONGEST_DAYS:
        wrong["last_day"] = "一次代理不超过一年，到期可再设。"
    if not wrong and _overlapping(signer_id, asked.first_day, asked.last_day):
        wrong["first_day"] = "这段日期已设有代理人，请先提前结束原代理。"
    return wrong


def _overlapping(signer_id: int, first_day: date, last_day: date) -> bool:
    query = select(Delegation.id).where(
        Delegation.signer_id == signer_id,
        Delegation.first_day <= last_day,
        Delegation.last_day >= first_day,
    )
    return db.session.scalar(query.limit(1)) is not None


def end(delegation: Delegation, *, today: date) -> bool:
    """From now on nobody stands in; the row stays, so that its days can be read later."""
    if delegation.last_day < today:
        return False
    delegation.last_day = today - timedelta(days=1)
    db.session.flush()
    return True
