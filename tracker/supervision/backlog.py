"""What waits for the office's own review, each with the reviewer's own day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from tracker.clock import day_of
from tracker.db import db
from tracker.reports.sending import REVIEW_WORKDAYS
from tracker.supervision.knowing import AsOf, known
from tracker.supervision.overdue import rows_of
from tracker.tasks.models import Move, Obligation, Tracking
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import CORRECT, FILE, FILED
from tracker.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A filed report that nobody has decided on, and by when the office should."""

    row: Row[Any]
    filed_on: date
    review_by: date


def waiting(asked: AsOf, workdays: Workdays, picked: Picked = EVERYTHING) -> Sequence[Waiting]:
    """The oldest filing first, all of them: an office keeps its own queue short."""
    then, filing = known(asked), aliased(Move)
    query = rows_of(then).add_columns(
        filing.recorded_at.label("filed_at"),
        func.coalesce(Tracking.review_workdays, REVIEW_WORKDAYS).label("review_workdays"),
    )
    query = (
        query.join(filing, filing.id == _last_filing(asked))
        .outerjoin(Tracking, Tracking.notice_id == Obligation.notice_id)
        .where(then.status == FILED, *picked.where(then.unit_id))
        .order_by(filing.recorded_at, Obligation.id)
    )
    return [_waiting(row, workdays) for row in db.session.execute(query)]


def number_waiting(asked: AsOf, picked: Picked = EVERYTHING) -> int:
    then = known(asked)
    query = then.join(select(func.count()).select_from(Obligation))
    where = (then.status == FILED, *picked.where(then.unit_id))
    return db.session.scalar(query.where(*where)) or 0


def _last_filing(asked: AsOf) -> Any:
    """The event by which it came to be filed; a hand-over later on does not move the day."""
    query = select(func.max(Move.id)).where(
        Move.obligation_id == Obligation.id, Move.event.in_((CORRECT, FILE))
    )
    if asked.known is not None:
        query = query.where(Move.recorded_at < asked.known)
    return query.correlate(Obligation).scalar_subquery()


def _waiting(row: Row[Any], workdays: Workdays) -> Waiting:
    filed_on = day_of(row.filed_at)
    return Waiting(
        row=row, filed_on=filed_on, review_by=workdays.after(filed_on, row.review_workdays)
    )
