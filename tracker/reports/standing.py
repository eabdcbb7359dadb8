"""Where a task stands, as the latest period's accepted report says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from tracker.db import db
from tracker.reports.models import Report, Review, Revision
from tracker.tasks.models import Obligation
from tracker.tasks.states import PLAN


def stage_of(task_id: int) -> str:
    """A report accepted for an earlier period changes nothing."""
    return stages_of([task_id]).get(task_id, "")


def stages_of(task_ids: Collection[int]) -> dict[int, str]:
    """The same for many tasks at once."""
    latest_first = (Obligation.opens_on.desc(), Obligation.id.desc(), Revision.number.desc())
    place = func.row_number().over(partition_by=Obligation.task_id, order_by=latest_first)
    accepted = (
        select(Obligation.task_id, Revision.stage, place.label("place"))
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(Obligation.task_id.in_(task_ids), Obligation.kind != PLAN, Review.is_accepted)
        .subquery()
    )
    latest = select(accepted.c.task_id, accepted.c.stage).where(accepted.c.place == 1)
    return {row.task_id: row.stage for row in db.session.execute(latest)}


def last_accepted(task_id: int, stage: str) -> datetime | None:
    """When a report that says so was last accepted, of whatever period."""
    query = (
        select(func.max(Review.decided_at))
        .join(Revision, Review.revision_id == Revision.id)
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.task_id == task_id, Obligation.kind != PLAN)
        .where(Revision.stage == stage, Review.is_accepted)
    )
    return db.session.scalar(query)
