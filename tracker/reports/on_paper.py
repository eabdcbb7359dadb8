"""Reads for 代录: what units still owe an office, each of which may come in on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.reports.models import Report, Revision
from tracker.reports.queries import owed_rows
from tracker.tasks.models import Obligation
from tracker.tasks.states import DUE, RETURNED


def owed_by(
    office_id: int, notice_id: int, unit_id: int, *, after: int = 0, limit: int = 50
) -> Sequence[Row[Any]]:
    """What a unit still owes one notice of the office.

    With what the unit has typed, and what it filed last: who is writing it needs no paper.
    """
    latest = (Revision.report_id == Report.id) & (Revision.number == Report.revision)
    query = owed_rows().add_columns(Report.body, Revision.body.label("filed_body"))
    query = query.outerjoin(Revision, latest).where(
        Notice.office_id == office_id,
        Obligation.notice_id == notice_id,
        Obligation.unit_id == unit_id,
        Obligation.task_id.is_not(None),
        Obligation.status.in_((DUE, RETURNED)),
        Obligation.id > after,
    )
    return db.session.execute(query.order_by(Obligation.id).limit(limit)).all()


def units_owing(office_id: int, notice_id: int) -> Sequence[tuple[int, str]]:
    query = (
        select(Unit.id, Unit.name)
        .join(Obligation, Obligation.unit_id == Unit.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(
            Notice.office_id == office_id,
            Obligation.notice_id == notice_id,
            Obligation.status.in_((DUE, RETURNED)),
        )
        .distinct()
    )
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Unit.id))]
