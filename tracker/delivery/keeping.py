"""Keeping robots, what people choose, and what they have read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from tracker.db import db, insert
from tracker.delivery.letters import CONTROL, INBOX
from tracker.delivery.models import Choice, Message, Posted, Robot
from tracker.delivery.robots import read_webhook
from tracker.registry.models import Unit
from tracker.registry.people import Refused

LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class Given:
    """A robot as somebody wrote it down; without an address a known one keeps its own."""

    unit: Unit | None
    name: str
    webhook: str


def add_robot(given: Given, *, at: datetime) -> Robot:
    robot = Robot(recent=[], free_at=at.astimezone(UTC))
    _set(robot, given, {} if given.webhook else {"webhook": "请填写机器人地址。"})
    db.session.add(robot)
    db.session.flush()
    return robot


def change_robot(robot: Robot, given: Given) -> None:
    _set(robot, given, {})
    db.session.flush()


def _set(robot: Robot, given: Given, wrong: dict[str, str]) -> None:
    """All of it, or a sentence for everything that is wrong and nothing of it."""
    if not given.name or len(given.name) > LONGEST_NAME or CONTROL.search(given.name):
        wrong["name"] = f"请填写名称，不超过{LONGEST_NAME}个字。"
    if given.unit is None:
        wrong["unit"] = "名录中没有这个单位，请填写单位全称。"
    try:
        address = read_webhook(given.webhook) if given.webhook else None
    except ValueError as sentence:
        wrong["webhook"] = str(sentence)
    if wrong or given.unit is None:
        raise Refused(wrong)
    robot.unit_id, robot.name = given.unit.id, given.name
    if address is not None:
        robot.base_url, robot.key = address.base_url, address.key


def set_active(robot: Robot, *, is_active: bool) -> None:
    robot.is_active = is_active
    db.session.flush()


def choose(person_id: int, channel: str, *, is_on: bool) -> None:
    new = insert(Choice).values(person_id=person_id, channel=channel, is_on=is_on)
    keys = [Choice.person_id, Choice.channel]
    db.session.execute(new.on_conflict_do_update(index_elements=keys, set_={"is_on": is_on}))


def mark_read(person_id: int, *, at: datetime, message_id: int | None = None) -> int:
    """One of a person's messages, or all of them; the first time of reading stays."""
    query = update(Message).where(
        Message.person_id == person_id, Message.channel == INBOX, Message.read_at.is_(None)
    )
    if message_id is not None:
        query = query.where(Message.id == message_id)
    read = query.values(read_at=at.astimezone(UTC)).returning(Message.id)
    return len(db.session.scalars(read).all())


def settle(matters: Collection[str], *, at: datetime) -> None:
    """What letters asked for is done, whoever did it: nobody is waited for any more."""
    asking = select(Posted.id).where(Posted.waits_for.in_(matters))
    waiting = update(Message).where(
        Message.letter_id.in_(asking), Message.channel == INBOX, Message.read_at.is_(None)
    )
    db.session.execute(waiting.values(read_at=at.astimezone(UTC)))
