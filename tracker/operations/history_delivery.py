"""The demonstration's channels: a week ago the office tried them out, and not every one worked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from tracker.db import db
from tracker.delivery.letters import INBOX, MAIL, ROBOT, Addressee
from tracker.delivery.models import Attempt, Message, Robot
from tracker.delivery.queries import addressees
from tracker.delivery.states import DEAD, DELIVER, GIVE_UP, LOSE, SENT, UNCLEAR
from tracker.operations.history_days import midnight
from tracker.permissions import BUSINESS, OFFICE_SIDE
from tracker.registry.models import Person, PersonRole, Unit
from tracker.web.delivering.trying import try_out

A_WEEK, MORNING = timedelta(days=7), timedelta(hours=9)
# At names that are kept free for examples: neither mail nor word ever gets there.
NOWHERE, NO_KEY = "https://robot.invalid", "demonstration"
TAKEN = "250 2.0.0 OK"
UNKNOWN = "550 5.1.1 收件人不存在（演示）"
NO_ANSWER = "内容已交出，没有得到回应，对方可能已经收到"


def tell(day: date) -> None:
    """Test letters to all who have a way, and one to the office's group."""
    at = midnight(day - A_WEEK) + MORNING
    for way in (*_ways(), *_group(at)):
        try_out(way, at=at)
    gone = Message.address == "haishi1@demo.invalid"
    _settle(_sent_by(MAIL, ~gone), SENT, DELIVER, TAKEN, at=at)
    _settle(_sent_by(MAIL, gone), DEAD, GIVE_UP, UNKNOWN, at=at)
    _settle(_sent_by(ROBOT), UNCLEAR, LOSE, NO_ANSWER, at=at)
    offices = select(PersonRole.person_id).where(PersonRole.role.in_(OFFICE_SIDE))
    read = update(Message).where(Message.channel == INBOX, Message.person_id.in_(offices))
    db.session.execute(read.values(read_at=at + MORNING))


def _ways() -> list[Addressee]:
    units = set(db.session.scalars(select(Person.unit_id).where(Person.email != "")))
    reach = addressees(units, roles=BUSINESS)
    return [way for unit_id in sorted(units) for way in reach.by_unit[unit_id]]


def _group(at: datetime) -> list[Addressee]:
    """A robot of the first office; paused, for it listens nowhere."""
    office = db.session.scalars(select(Unit.id).where(Unit.is_office).order_by(Unit.id)).first()
    if office is None:
        return []
    robot = Robot(unit_id=office, name="演示·工作群", base_url=NOWHERE, key=NO_KEY)
    robot.is_active, robot.recent, robot.free_at = False, [], at
    db.session.add(robot)
    db.session.flush()
    return [Addressee(channel=ROBOT, unit_id=office, robot_id=robot.id, name=robot.name)]


def _sent_by(channel: str, *those: ColumnElement[bool]) -> list[int]:
    query = select(Message.id).where(Message.channel == channel, *those)
    return list(db.session.scalars(query.order_by(Message.id)))


def _settle(ids: list[int], state: str, event: str, words: str, *, at: datetime) -> None:
    """What came of the only try."""
    moved = update(Message).where(Message.id.in_(ids))
    sent_at = at if state == SENT else None
    db.session.execute(moved.values(state=state, tries=1, next_try_at=None, sent_at=sent_at))
    db.session.add_all(Attempt(message_id=one, at=at, outcome=event, answer=words) for one in ids)
    db.session.flush()
