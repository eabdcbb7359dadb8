"""Taking a message in hand: committed before it is sent, so that nobody else sends it too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update

from tracker.db import db
from tracker.delivery.answers import CLAIMED_FOR
from tracker.delivery.composing import Outgoing
from tracker.delivery.letters import MAIL, ROBOT, Attachment
from tracker.delivery.models import Enclosed, Message, Posted, Robot
from tracker.delivery.robots import Address
from tracker.delivery.states import CLAIM, SENDING, before

A_MINUTE, MOST_IN_A_MINUTE = timedelta(minutes=1), 20


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message in hand, and the mark by which only this try may stamp it."""

    id: int
    mark: str
    tries: int
    outgoing: Outgoing
    robot_id: int | None = None
    robot: Address | None = None


def claim_mail(at: datetime) -> Claimed | None:
    """The mail that has been due longest, unless another process has it. The caller commits."""
    due = db.session.execute(_due(MAIL, at).with_for_update(skip_locked=True)).first()
    return None if due is None else _claimed(due, at)


def claim_robot(at: datetime) -> Claimed | None:
    """The same for a robot that was not spoken to twenty times within a minute."""
    query = (
        _due(ROBOT, at)
        .add_columns(Robot.id.label("robot_id"), Robot.base_url, Robot.key, Robot.recent)
        .join(Robot, Message.robot_id == Robot.id)
        .where(Robot.is_active, Robot.free_at <= at)
        .with_for_update(of=(Message, Robot), skip_locked=True)
    )
    due = db.session.execute(query).first()
    if due is None:
        return None
    _speak_once_more(due, at)
    address = Address(base_url=due.base_url, key=due.key)
    return replace(_claimed(due, at), robot_id=due.robot_id, robot=address)


def _due(channel: str, at: datetime) -> Select[*tuple[Any, ...]]:
    """Keys alone: with a long row of waiting messages their texts would be sorted along."""
    return (
        select(Message.id, Message.tries)
        .where(
            Message.channel == channel,
            Message.state.in_(before(CLAIM)),
            Message.next_try_at <= at,
        )
        .order_by(Message.next_try_at, Message.id)
        .limit(1)
    )


def _claimed(due: Row[*tuple[Any, ...]], at: datetime) -> Claimed:
    mark = uuid.uuid4().hex
    db.session.execute(
        update(Message)
        .where(Message.id == due.id)
        .values(state=SENDING, claim=mark, claimed_until=at + CLAIMED_FOR, tries=due.tries + 1)
    )
    return Claimed(id=due.id, mark=mark, tries=due.tries + 1, outgoing=_outgoing(due.id))


def _outgoing(message_id: int) -> Outgoing:
    query = (
        select(
            Message.message_id,
            Message.address,
            Posted.kind,
            Posted.subject,
            Posted.brief,
            Posted.text,
            Posted.html,
            Posted.link,
            Posted.posted_at,
            Enclosed.name,
            Enclosed.media_type,
            Enclosed.data,
        )
        .join(Posted, Message.letter_id == Posted.id)
        .outerjoin(Enclosed, Enclosed.letter_id == Posted.id)
        .where(Message.id == message_id)
    )
    known = dict(db.session.execute(query).mappings().one())
    name, media_type, data = (known.pop(part) for part in ("name", "media_type", "data"))
    file = None if data is None else Attachment(name=name, media_type=media_type, data=data)
    return Outgoing(**known, attachment=file)


def _speak_once_more(row: Row[*tuple[Any, ...]], at: datetime) -> None:
    """Note the time with the robot; when it is spoken to enough it rests till a minute is over."""
    recent = [datetime.fromisoformat(said) for said in row.recent]
    recent = [*(said for said in recent if said > at - A_MINUTE), at]
    rests = len(recent) >= MOST_IN_A_MINUTE
    free_at = recent[-MOST_IN_A_MINUTE] + A_MINUTE if rests else at
    db.session.execute(
        update(Robot)
        .where(Robot.id == row.robot_id)
        .values(recent=[said.isoformat() for said in recent], free_at=free_at)
    )
