"""What an urged unit has still to answer for, and which urges lack their reply."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from tracker.supervision import states
from tracker.supervision.models import Urge, Urged
from tracker.tasks.models import Obligation
from tracker.tasks.states import DISPUTED

AWAITED = (states.SENT, states.ACKNOWLEDGED)


def still_late(day: date) -> tuple[ColumnElement[bool], ...]:
    """Of the rows of an urge those that its unit still owes, late."""
    return (
        Urged.is_held.is_(True),
        Obligation.unit_id == Urge.unit_id,
        Obligation.awaited_by < day,
    )


def to_answer(day: date) -> tuple[ColumnElement[bool], ...]:
    """Of what is under dispute the office says first whose it is."""
    return (*still_late(day), Obligation.status != DISPUTED)


def is_lacking(day: date) -> ColumnElement[bool]:
    """Whether the day for the reply has passed while there is something to answer for."""
    asked = (
        select(Urged.urge_id)
        .join(Obligation, Urged.obligation_id == Obligation.id)
        .where(Urged.urge_id == Urge.id, *to_answer(day))
        .correlate(Urge)
    )
    return Urge.state.in_(AWAITED) & (Urge.reply_by < day) & asked.exists()
