"""Which tasks have landed, as of any day: one count for drafts, papers, evaluations and cities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from tracker.coordinating.models import Closing
from tracker.coordinating.queries import reopenings
from tracker.db import db
from tracker.notices.models import Notice
from tracker.reports.models import Report, Review, Revision
from tracker.reports.states import LANDED
from tracker.supervision.knowing import AsOf
from tracker.supervision.replaying import streamed
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import CLOSED, CONTESTED, OPEN, PLAN

# What a unit has to do or has done: neither waiting for its unit, nor exempt, nor ended.
IN_FORCE = (OPEN, CONTESTED, CLOSED)


@dataclass(frozen=True, kw_only=True)
class Stand:
    """One task that counts, and whether it has landed."""

    id: int
    notice_id: int
    is_landed: bool


def in_force() -> ColumnElement[bool]:
    """The tasks of which a share can have landed, as a condition on Task."""
    return Task.state.in_(IN_FORCE)


def stands(asked: AsOf, office_id: int) -> Sequence[Stand]:
    """The tasks of an office's notices. A task's state has no history: it is the one of now."""
    of_office = Task.notice_id.in_(select(Notice.id).where(Notice.office_id == office_id))
    query = select(Task.id, Task.notice_id, Task.is_landed).where(of_office, in_force())
    if asked.known is None:
        rows = db.session.execute(query.order_by(Task.id))
        return [Stand(**row) for row in rows.mappings()]
    landed = landed_by(asked.known, of_office)
    by_then = query.where(Task.allocated_on <= asked.day).order_by(Task.id)
    return [
        Stand(id=row.id, notice_id=row.notice_id, is_landed=row.id in landed)
        for row in db.session.execute(by_then)
    ]


def landed_by(end: datetime, *where: ColumnElement[bool]) -> frozenset[int]:
    """As the latest period's accepted report said by then; of what was taken up again a new one.

    Conditions are on Task.
    """
    accepted = (
        select(Obligation.task_id, Revision.stage, Review.decided_at)
        .join(Task, Obligation.task_id == Task.id)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(*where, Obligation.kind != PLAN, Review.is_accepted, Review.decided_at < end)
        .order_by(Obligation.opens_on, Obligation.id, Revision.number)
    )
    said: dict[int, str] = {}
    landed_at: dict[int, datetime] = {}
    for row in streamed(accepted):
        said[row.task_id] = row.stage
        if row.stage == LANDED:
            earlier = landed_at.get(row.task_id, row.decided_at)
            landed_at[row.task_id] = max(row.decided_at, earlier)
    again = reopenings(*where, Closing.reopened_at < end)
    return frozenset(
        task_id
        for task_id, stage in said.items()
        if stage == LANDED
        and not (task_id in again and again[task_id].reopened_at >= landed_at[task_id])
    )
