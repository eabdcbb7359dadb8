"""Reads of the outbox, and who can be reached how."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select

from tracker.db import db
from tracker.delivery.letters import INBOX, MAIL, ROBOT, Addressee, Reach
from tracker.delivery.models import Choice, Robot
from tracker.registry.models import Person, PersonRole


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


def _ways_to(person: Row[*tuple[Any, ...]]) -> Iterator[Addressee]:
    known: dict[str, Any] = {"unit_id": person.unit_id, "person_id": person.id, "name": person.name}
    yield Addressee(channel=INBOX, **known)
    if person.email and person.wants_mail:
        yield Addressee(channel=MAIL, address=person.email, **known)


def _people(unit_ids: Collection[int], roles: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    having = select(PersonRole.person_id).where(PersonRole.role.in_(roles))
    query = (
        select(
            Person.id,
            Person.unit_id,
            Person.name,
            Person.email,
            func.coalesce(Choice.is_on, True).label("wants_mail"),
        )
        .outerjoin(Choice, and_(Choice.person_id == Person.id, Choice.channel == MAIL))
        .where(Person.unit_id.in_(unit_ids), Person.is_locked.is_(False), Person.id.in_(having))
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
