"""Urges in every stage, reached by what the rule proposes and people do."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests.cast import OFFICE, TAX, WORKDAYS, Desk, by, moment, unit
from tracker.db import db
from tracker.supervision import urging
from tracker.supervision.knowing import AsOf
from tracker.supervision.ladder import Rungs
from tracker.supervision.models import Urge, Urged
from tracker.supervision.overdue import overdue
from tracker.supervision.proposing import Outcome, propose
from tracker.supervision.reminding import remember
from tracker.supervision.urging import Answer
from tracker.tasks.picking import Picked

DAY = timedelta(days=1)
RUNGS = Rungs(urge_workdays=5, urge_reminders=2, reply_workdays=5, bulletin_workdays=15)
# Due on 15 April; the fifth workday after it is 22 April.
REMINDED, FIFTH = (date(2026, 4, 16), date(2026, 4, 20)), date(2026, 4, 22)
LATER = FIFTH + 7 * DAY


def remind(*days: date) -> None:
    """What the digests of these mornings named."""
    for day in days:
        remember(overdue(AsOf(day=day), limit=None), day=day)


def proposing(day: date = FIFTH) -> Outcome:
    office = unit(OFFICE).id
    return propose(office, day, at=moment(day, 8), rungs=RUNGS, workdays=WORKDAYS)


def proposed(day: date = FIFTH, name: str = TAX) -> Urge:
    """The rule's proposal to a unit, after two reminders."""
    remind(*REMINDED)
    proposing(day)
    return urge_to(name)


def urge_to(name: str = TAX) -> Urge:
    query = select(Urge).where(Urge.unit_id == unit(name).id).order_by(Urge.id.desc()).limit(1)
    return db.session.scalars(query).one()


def sent(desk: Desk, day: date = FIFTH, name: str = TAX) -> Urge:
    urge = proposed(day, name)
    urging.issue(urge, by(desk.cast.chief, day), WORKDAYS)
    return urge


def acknowledged(desk: Desk) -> Urge:
    urge = sent(desk)
    urging.acknowledge(urge, by(desk.cast.filer, FIFTH + DAY))
    return urge


def answers(urge: Urge, day: date = LATER) -> dict[int, Answer]:
    said = Answer(words="正在收集数据，月底前报送。", expected_on=day + DAY)
    return dict.fromkeys(urging.to_answer(urge, day), said)


def answered(desk: Desk) -> Urge:
    urge = acknowledged(desk)
    urging.reply(urge, by(desk.cast.filer, LATER), answers(urge))
    return urge


def held(urge: Urge) -> list[int]:
    query = select(Urged.obligation_id).where(Urged.urge_id == urge.id, Urged.is_held.is_(True))
    return list(db.session.scalars(query.order_by(Urged.obligation_id)))


def owed_to_office(name: str, day: date) -> list[int]:
    picked = Picked(office=unit(OFFICE).id, unit=unit(name).id)
    return sorted(row.id for row in overdue(AsOf(day=day), picked, limit=None))
