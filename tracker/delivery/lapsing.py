"""What nobody sends any more: claims that ran out, and what was due for too long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from tracker.db import db, insert
from tracker.delivery.answers import MOST_TRIES, STALE
from tracker.delivery.letters import INBOX, MAIL, ROBOT
from tracker.delivery.models import Attempt, Message
from tracker.delivery.states import DEAD, EXPIRE, GIVE_UP, LOSE, SENDING, UNCLEAR, before

INTERRUPTED = "发送过程中断，不知对方是否收到"
TOO_LATE = f"{STALE.days}天内没有发出"


def let_lapse(at: datetime) -> int:
    """Claims that ran out: who held them died while sending. The caller commits."""
    query = (
        select(Message.id, Message.channel, Message.tries)
        .where(
            Message.channel != INBOX,
            Message.state == SENDING,
            Message.claimed_until <= at,
        )
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(query).all()
    spent = [row.id for row in rows if row.tries >= MOST_TRIES]
    mail = [row.id for row in rows if row.channel == MAIL and row.id not in spent]
    robots = [row.id for row in rows if row.channel == ROBOT and row.id not in spent]
    _move(spent, DEAD, None, event=GIVE_UP, words=INTERRUPTED, at=at)
    _move(mail, UNCLEAR, at, event=LOSE, words=INTERRUPTED, at=at)
    _move(robots, UNCLEAR, None, event=LOSE, words=INTERRUPTED, at=at)
    return len(rows)


def expire(at: datetime) -> int:
    """What was due for a month without a try is not sent any more. The caller commits."""
    query = (
        select(Message.id)
        .where(
            Message.channel != INBOX,
            Message.state.in_(before(EXPIRE)),
            Message.next_try_at <= at - STALE,
        )
        .with_for_update(skip_locked=True)
    )
    ids = db.session.scalars(query).all()
    _move(ids, DEAD, None, event=EXPIRE, words=TOO_LATE, at=at)
    return len(ids)


def _move(
    ids: Collection[int],
    state: str,
    next_try_at: datetime | None,
    *,
    event: str,
    words: str,
    at: datetime,
) -> None:
    if not ids:
        return
    moved = update(Message).where(Message.id.in_(ids))
    db.session.execute(moved.values(state=state, next_try_at=next_try_at, claimed_until=None))
    rows = [{"message_id": one, "at": at, "outcome": event, "answer": words} for one in ids]
    db.session.execute(insert(Attempt), rows)
