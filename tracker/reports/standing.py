"""Where a task stands, as the latest period's accepted report says."""

from __future__ import annotations

from sqlalchemy import Select, select

from tracker.db import db
from tracker.reports.models import Report, Review, Revision
from tracker.tasks.models import Obligation
from tracker.tasks.states import PLAN


def accepted_of(task_id: int) -> Select[Revision]:
    """A task's accepted revisions, plans apart, the latest period's last one first."""
    return (
        select(Revision)
        .join(Review, Review.revision_id == Revision.id)
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.task_id == task_id, Obligation.kind != PLAN, Review.is_accepted)
        .order_by(Obligation.opens_on.desc(), Obligation.id.desc(), Revision.number.desc())
    )


def stage_of(task_id: int) -> str:
    """A report accepted for an earlier period changes nothing."""
    return db.session.scalar(accepted_of(task_id).with_only_columns(Revision.stage).limit(1)) or ""
