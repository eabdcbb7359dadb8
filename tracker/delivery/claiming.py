"""Taking a message in hand: committed before it is sent, so that nobody else sends it too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update

from tracker.db import db
from tracker.delivery.answers import CLAIMED_FOR
from tracker.delivery.composing import Outgoing
from tracker.delivery.letters import MAIL, ROBOT, Attachment
from tracker.delivery.models import Enclosed, Message, Posted, Robot
from tracker.delivery.robots import Address
from tracker.delivery.states import CLAIM, SENDING, UNCLEAR, before

A_MINUTE, MOST_IN_A_MINUTE = timedelta(minutes=1), 20

# A robot would say again what it may have said already; see delivery/states.py.
CLAIMABLE = {MAIL: before(CLAIM), ROBOT: before(CLAIM) - {UNCLEAR}}


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
    query = _due(MAIL, at).add_columns(Enclosed.name, Enclosed.media_type, Enclosed.data)
    query = query.outerjoin(Enclosed, Enclosed.letter_id == Posted.id)
    row = db.session.execute(query.with_for_update(of=Message, skip_locked=True)).first()
    if row is None:
        return None
    file = None
    if row.data is not None:
        file = Attachment(name=row.name, data=row.data, media_type=row.media_type)
    return _claimed(row, at, file)


def claim_robot(at: datetime) -> Claimed | None:
    """The same for a robot that was not spoken to twenty times within a minute."""
    query = (
        _due(ROBOT, at)
        .add_columns(Robot.id.label("robot_id"), Robot.base_url, Robot.key, Robot.recent)
        .join(Robot, Message.robot_id == Robot.id)
        .where(Robot.is_active, Robot.free_at <= at)
        .with_for_update(of=(Message, Robot), skip_locked=True)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    _speak_once_more(row, at)
    return _claimed(row, at, None)


def _due(channel: str, at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Message.id,
            Message.tries,
            Message.message_id,
            Message.address,
            Posted.kind,
            Posted.subject,
            Posted.brief,
            Posted.text,
            Posted.html,
            Posted.link,
            Posted.posted_at,
        )
        .join(Posted, Message.letter_id == Posted.id)
        .where(
            Message.channel == channel,
            Message.state.in_(CLAIMABLE[channel]),
            Message.next_try_at <= at,
        )
        .order_by(Message.next_try_at, Message.id)
        .limit(1)
    )


def _claimed(row: Row[*tuple[Any, ...]], at: datetime, file: Attachment | None) -> Claimed:
    mark = uuid.uuid4().hex
    db.session.execute(
        update(Message)
        .where(Message.id == row.id)
        .values(state=SENDING, claim=mark, claimed_until=at + CLAIMED_FOR, tries=row.tries + 1)
    )
    known = row._mapping  # noqa: SLF001  the public name of a row's mapping
    return Claimed(
        id=row.id,
        mark=mark,
        tries=row.tries + 1,
        robot_id=known.get("robot_id"),
        robot=Address(base_url=row.base_url, key=row.key) if "base_url" in known else None,
        outgoing=Outgoing(
            message_id=row.message_id,
            address=row.address,
            kind=row.kind,
            subject=row.subject,
            brief=row.brief,
            text=row.text,
            html=row.html,
            link=row.link,
            posted_at=row.posted_at,
            attachment=file,
        ),
    )


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
