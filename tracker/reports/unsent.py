"""What units have written and not sent, once nobody asks for it any more: the text stays."""

from __future__ import annotations

from sqlalchemy import func, select

from tracker.db import db
from tracker.reports import filing
from tracker.reports.models import Report
from tracker.reports.states import DRAFT, RETURNED, SEND_BACK, SENT_BACK, SIGNING
from tracker.tasks import moving
from tracker.tasks.ending import AWAITED
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By

UNSENT = (DRAFT, SENT_BACK, SIGNING, RETURNED)


def number(notice_id: int) -> int:
    """Of what the tasks of a notice still owe."""
    query = (
        select(func.count())
        .select_from(Report)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(
            Obligation.notice_id == notice_id,
            Obligation.task_id.is_not(None),
            Obligation.status.in_(AWAITED),
            Report.state.in_(UNSENT),
        )
    )
    return db.session.scalar(query) or 0


def give_back(notice_id: int, by: By, *, note: str) -> None:
    """What waits for a signature goes back to its writer: it cannot be sent any more."""
    query = (
        select(Report)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(
            Obligation.notice_id == notice_id,
            Obligation.task_id.is_not(None),
            Obligation.status.in_(AWAITED),
            Report.state == SIGNING,
        )
    )
    reports = db.session.scalars(query.order_by(Report.id)).all()
    for report in reports:
        report.remark = note
    filing.move_all(reports, SEND_BACK, by, note)
    moving.flush()
