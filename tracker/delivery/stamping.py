"""Writing down what came of a try, or that a person wants another one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, func, select, update

from tracker.db import db
from tracker.delivery.answers import Answer, pause_after, settled
from tracker.delivery.claiming import A_MINUTE, Claimed
from tracker.delivery.letters import MAIL
from tracker.delivery.models import Attempt, Message, Robot
from tracker.delivery.states import (
    DEFER,
    DELIVER,
    LOSE,
    PENDING,
    RESEND,
    SENDING,
    UNCLEAR,
    after,
    before,
)
from tracker.registry.models import Person


def stamp(held: Claimed, answer: Answer, at: datetime) -> Answer:
    """The try is on record in any case; the message moves where this try still holds it."""
    answer = settled(answer, held.tries)
    db.session.add(Attempt(message_id=held.id, at=at, outcome=answer.event, answer=answer.words))
    # A claim that ran out meanwhile may still learn that all went well, until it is claimed anew.
    open_states = {SENDING, UNCLEAR} if answer.event == DELIVER else {SENDING}
    db.session.execute(
        update(Message)
        .where(Message.id == held.id, Message.claim == held.mark, Message.state.in_(open_states))
        .values(
            state=after(SENDING, answer.event),
            next_try_at=_next_try(held, answer, at),
            claimed_until=None,
            sent_at=at if answer.event == DELIVER else None,
        )
    )
    if held.robot_id and answer.is_line:
        rests = update(Robot).where(Robot.id == held.robot_id)
        db.session.execute(rests.values(free_at=at + A_MINUTE))
    db.session.flush()
    return answer


def _next_try(held: Claimed, answer: Answer, at: datetime) -> datetime | None:
    """Of what got no answer, mail goes once more and a robot's word waits for a person."""
    again = answer.event == DEFER or (answer.event == LOSE and held.robot_id is None)
    return at + pause_after(held.tries) if again else None


def resend(message_ids: Collection[int], *, by: int, at: datetime) -> int:
    """A person orders another try, to the address that is known today. The caller commits."""
    query = select(Message.id).where(Message.id.in_(message_ids), Message.state.in_(before(RESEND)))
    ids = db.session.scalars(query.with_for_update()).all()
    if not ids:
        return 0
    moved = update(Message).where(Message.id.in_(ids))
    known = select(func.nullif(Person.email, "")).where(Person.id == Message.person_id)
    address = func.coalesce(known.scalar_subquery(), Message.address)
    db.session.execute(
        moved.values(
            state=PENDING,
            next_try_at=at,
            tries=0,
            address=case((Message.channel == MAIL, address), else_=Message.address),
        )
    )
    db.session.add_all(
        Attempt(message_id=one, at=at, outcome=RESEND, answer="", person_id=by) for one in ids
    )
    db.session.flush()
    return len(ids)
