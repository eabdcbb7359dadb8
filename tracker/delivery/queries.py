"""Reads of the outbox, and who can be reached how."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import joinedload

from tracker.db import ask, db
from tracker.delivery.letters import INBOX, MAIL, ROBOT, Addressee, Reach
from tracker.delivery.models import Attempt, Choice, Message, Posted, Robot
from tracker.delivery.states import DEAD, LOSE, SENT, STATES
from tracker.registry.models import Person, PersonRole, Unit

STREAMED = 500


def addressees(unit_ids: Collection[int], *, roles: Collection[str]) -> Reach:
    """Who is told what concerns the units: their people of these roles, and their robots.

    Always two queries, however many units. The inbox always is a way; mail is one where an
    address is known and the person has not switched mail off.
    """
    ways: dict[int, list[Addressee]] = {unit_id: [] for unit_id in unit_ids}
    unreachable = set(ways)
    for person in _people(ways, roles):
        ways[person.unit_id] += _ways_to(person)
        unreachable.discard(person.unit_id)
    for robot in _robots(ways):
        ways[robot.unit_id].append(
            Addressee(channel=ROBOT, unit_id=robot.unit_id, robot_id=robot.id, name=robot.name)
        )
    return Reach(
        by_unit={unit_id: tuple(found) for unit_id, found in ways.items()},
        unreachable=frozenset(unreachable),
    )


def unreachable(unit_ids: Collection[int], *, roles: Collection[str]) -> frozenset[int]:
    """Of the units those that have nobody of these roles: whom `addressees` finds nobody in."""
    return frozenset(unit_ids).difference(ask(_with_people(frozenset(roles))).scalars())


@lru_cache(maxsize=64)
def _with_people(roles: frozenset[str]) -> Select[*tuple[int]]:
    return select(Person.unit_id).where(*_to_be_told(roles)).distinct()


def _to_be_told(roles: Collection[str]) -> Sequence[ColumnElement[bool]]:
    having = select(PersonRole.person_id).where(PersonRole.role.in_(roles))
    return Person.is_locked.is_(False), Person.id.in_(having)


def _ways_to(person: Row[*tuple[Any, ...]]) -> Iterator[Addressee]:
    known: dict[str, Any] = {"unit_id": person.unit_id, "person_id": person.id, "name": person.name}
    yield Addressee(channel=INBOX, **known)
    if person.email and person.wants_mail:
        yield Addressee(channel=MAIL, address=person.email, **known)


def _people(unit_ids: Collection[int], roles: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(
            Person.id,
            Person.unit_id,
            Person.name,
            Person.email,
            func.coalesce(Choice.is_on, True).label("wants_mail"),
        )
        .outerjoin(Choice, and_(Choice.person_id == Person.id, Choice.channel == MAIL))
        .where(Person.unit_id.in_(unit_ids), *_to_be_told(roles))
        .order_by(Person.id)
    )
    return db.session.execute(query).all()


def _robots(unit_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(Robot.id, Robot.unit_id, Robot.name)
        .where(Robot.unit_id.in_(unit_ids), Robot.is_active)
        .order_by(Robot.id)
    )
    return db.session.execute(query).all()


def inbox(
    person_id: int, *, before: int, limit: int, is_unread: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A person's messages, the newest first, from before one where one is given."""
    query = _inbox_of(person_id).add_columns(Posted.brief)
    if is_unread:
        query = query.where(Message.read_at.is_(None))
    if before:
        query = query.where(Message.id < before)
    return db.session.execute(query.order_by(Message.id.desc()).limit(limit)).all()


def _inbox_of(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Message.id, Message.read_at, Message.created_at, Posted.kind, Posted.subject)
        .join(Posted, Message.letter_id == Posted.id)
        .where(Message.person_id == person_id, Message.channel == INBOX)
    )


def unread(person_id: int) -> int:
    query = select(func.count()).where(
        Message.person_id == person_id, Message.channel == INBOX, Message.read_at.is_(None)
    )
    return db.session.scalar(query) or 0


def letter_of(message_id: int, *, person_id: int) -> Row[*tuple[Any, ...]] | None:
    """One message of a person's inbox with its text."""
    query = _inbox_of(person_id).add_columns(Posted.text, Posted.link)
    return db.session.execute(query.where(Message.id == message_id)).one_or_none()


def outbox(
    *, before: int, limit: int, state: str = "", channel: str = ""
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was sent by mail and robots or is to be, the newest first."""
    query = _sent_out().where(Message.channel != INBOX)
    if state:
        query = query.where(Message.state == state)
    if channel:
        query = query.where(Message.channel == channel)
    if before:
        query = query.where(Message.id < before)
    return db.session.execute(query.order_by(Message.id.desc()).limit(limit)).all()


def sent_out(message_id: int) -> Row[*tuple[Any, ...]] | None:
    query = _sent_out().where(Message.channel != INBOX, Message.id == message_id)
    return db.session.execute(query).one_or_none()


def _sent_out() -> Select[*tuple[Any, ...]]:
    """Messages and whom they go to. Never their text: that is for whom they are."""
    doubt = select(Attempt.id).where(Attempt.message_id == Message.id, Attempt.outcome == LOSE)
    return (
        select(
            Message.id,
            Message.channel,
            Message.state,
            Message.tries,
            Message.address,
            Message.message_id,
            Message.created_at,
            Message.next_try_at,
            Message.sent_at,
            Posted.kind,
            Posted.subject,
            Posted.about,
            Posted.day,
            Unit.name.label("unit"),
            Person.name.label("person"),
            Robot.name.label("robot"),
            doubt.exists().label("is_doubtful"),
        )
        .join(Posted, Message.letter_id == Posted.id)
        .join(Unit, Message.unit_id == Unit.id)
        .outerjoin(Person, Message.person_id == Person.id)
        .outerjoin(Robot, Message.robot_id == Robot.id)
    )


def attempts_of(message_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every try of a message with its answer, and who ordered another one."""
    query = (
        select(Attempt.at, Attempt.outcome, Attempt.answer, Person.name)
        .outerjoin(Person, Attempt.person_id == Person.id)
        .where(Attempt.message_id == message_id)
    )
    return db.session.execute(query.order_by(Attempt.id)).all()


def unsent_by_state() -> dict[str, int]:
    """How many messages wait, hang or never arrived, by their state."""
    query = select(Message.state, func.count()).where(Message.state.in_(set(STATES) - {SENT}))
    found = db.session.execute(query.group_by(Message.state))
    return {row[0]: row[1] for row in found}


def given_up_since(moment: datetime) -> int:
    """How many messages that were posted from a moment on never arrived."""
    return ask(_given_up(moment)).scalar() or 0


@lru_cache(maxsize=64)
def _given_up(moment: datetime) -> Select[*tuple[int]]:
    return select(func.count()).where(Message.state == DEAD, Message.created_at >= moment)


def every_message() -> Iterator[Row[*tuple[Any, ...]]]:
    """All messages of all channels, in their order, streamed."""
    query = _sent_out().add_columns(Message.read_at).order_by(Message.id)
    yield from db.session.execute(query, execution_options={"yield_per": STREAMED})


def robots() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every robot with its unit, and how its newest message fared. Its key stays where it is."""
    newest = (
        select(Message.robot_id, func.max(Message.id).label("id"))
        .where(Message.robot_id.is_not(None))
        .group_by(Message.robot_id)
        .subquery()
    )
    query = (
        select(
            Robot.id,
            Robot.name,
            Robot.base_url,
            Robot.is_active,
            Robot.unit_id,
            Unit.name.label("unit"),
            Message.id.label("message_id"),
            Message.state,
        )
        .join(Unit, Robot.unit_id == Unit.id)
        .outerjoin(newest, newest.c.robot_id == Robot.id)
        .outerjoin(Message, Message.id == newest.c.id)
    )
    return db.session.execute(query.order_by(Unit.id, Robot.id)).all()


def robot(robot_id: int) -> Robot | None:
    return db.session.get(Robot, robot_id, options=[joinedload(Robot.unit)])


def wants_mail(person_id: int) -> bool:
    query = select(Choice.is_on).where(Choice.person_id == person_id, Choice.channel == MAIL)
    return db.session.scalar(query) is not False


def mail_to(person_id: int) -> Addressee | None:
    """By mail to one person, whatever they chose; nothing where no address is known."""
    query = select(Person.id, Person.unit_id, Person.name, Person.email)
    person = db.session.execute(query.where(Person.id == person_id, Person.email != "")).first()
    if person is None:
        return None
    return Addressee(
        channel=MAIL,
        unit_id=person.unit_id,
        person_id=person.id,
        address=person.email,
        name=person.name,
    )
