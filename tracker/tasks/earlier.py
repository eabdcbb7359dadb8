"""What an obligation's record says about the time before: moves that go back look here."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.clock import day_of
from tracker.db import db
from tracker.tasks import states
from tracker.tasks.models import Move, Obligation


def before_filing(obligation: Obligation) -> Move:
    """What held before the last event; while it is filed, that event is the filing."""
    states.check(obligation.status, states.WITHDRAW)
    earlier = select(Move).where(Move.obligation_id == obligation.id)
    return db.session.scalars(earlier.order_by(Move.id.desc()).limit(1).offset(1)).one()


def stopped_on(obligation: Obligation) -> date:
    """When the dispute began; what opened in the middle of one stood still from its first day."""
    return day_of(_stop(obligation).recorded_at)


def before_dispute(obligation: Obligation) -> str:
    """Its status when the clock stopped; what opened in the middle of a dispute is simply due."""
    earlier = select(Move.status).where(
        Move.obligation_id == obligation.id, Move.id < _stop(obligation).id
    )
    return db.session.scalar(earlier.order_by(Move.id.desc()).limit(1)) or states.DUE


def _stop(obligation: Obligation) -> Move:
    stops = select(Move).where(
        Move.obligation_id == obligation.id,
        Move.event.in_((states.DISPUTE, states.OPENED)),
    )
    return db.session.scalars(stops.order_by(Move.id.desc()).limit(1)).one()
