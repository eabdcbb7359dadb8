"""What waits for the office's own review, each with the reviewer's own day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select

from tracker.clock import day_of
from tracker.db import db
from tracker.reports.models import Report, Revision
from tracker.supervision.knowing import AsOf, known
from tracker.supervision.overdue import Key, Paged, by_day, rows_of
from tracker.supervision.selecting import Condition
from tracker.tasks.models import Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import FILED


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A filed report that nobody has decided on, and by when the office should."""

    row: Row[Any]
    filed_on: date
    review_by: date


def waiting(asked: AsOf, picked: Picked = EVERYTHING) -> Sequence[Waiting]:
    """The oldest filing first, all of them: an office keeps its own queue short."""
    then = known(asked)
    query = rows_of(then).add_columns(Revision.filed_at, Revision.review_by)
    query = (
        query.join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.id == _last_filing(asked))
        .where(then.status == FILED, *picked.where(then.unit_id))
        .order_by(Revision.filed_at, Obligation.id)
    )
    return [
        Waiting(row=row, filed_on=day_of(row.filed_at), review_by=row.review_by)
        for row in db.session.execute(query)
    ]


def number_waiting(asked: AsOf, picked: Picked = EVERYTHING) -> int:
    then = known(asked)
    query = then.join(select(func.count()).select_from(Obligation))
    where = (then.status == FILED, *picked.where(then.unit_id))
    return db.session.scalar(query.where(*where)) or 0


def by_review(
    condition: Condition, asked: AsOf, picked: Picked, *, after: Key | None, limit: int | None
) -> Paged:
    """In the order of the reviewer's own day, which each row tells as `review_by`."""
    day = review_by(asked)
    paged = by_day(condition, asked, picked, after=after, limit=limit, day_of=lambda _: day)
    return replace(paged, told=paged.told.add_columns(day.label("review_by")))


def is_late(asked: AsOf) -> ColumnElement[bool]:
    """Of what waited then: whether the day set when it was filed had passed."""
    return review_by(asked) < asked.day


def review_by(asked: AsOf) -> ScalarSelect[Any]:
    """The reviewer's own day for what waits, now or then."""
    if asked.is_live:
        now = select(Report.review_by).where(Report.obligation_id == Obligation.id)
        return now.correlate(Obligation).scalar_subquery()
    query = select(Revision.review_by).join(Report, Revision.report_id == Report.id)
    filing = (Report.obligation_id == Obligation.id, Revision.id == _last_filing(asked))
    return query.where(*filing).correlate(Obligation).scalar_subquery()


def _last_filing(asked: AsOf) -> Any:
    """The filing by which it came to wait; a hand-over later on does not move the day."""
    query = select(func.max(Revision.id)).where(Revision.report_id == Report.id)
    if asked.known is not None:
        query = query.where(Revision.filed_at < asked.known)
    return query.correlate(Report).scalar_subquery()
