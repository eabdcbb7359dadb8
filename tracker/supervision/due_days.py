"""What a unit owes, day by day: one line for each kind of report of a notice that falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.supervision.knowing import AsOf
from tracker.supervision.selecting import Condition, found
from tracker.tasks.models import Obligation
from tracker.tasks.picking import Picked


def due_days(
    unit_id: int, today: date, *, first: date = date.min, last: date = date.max
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows (day, notice_id, notice, kind, period, number), the nearest day first."""
    within: Condition = lambda then: then.awaited_by.between(first, last)  # noqa: E731
    owed = found(
        within,
        AsOf(day=today),
        Picked(unit=unit_id),
        lambda then: [
            then.awaited_by.label("day"),
            Obligation.notice_id,
            Obligation.kind,
            Obligation.period,
        ],
    ).subquery()
    by = (owed.c.day, owed.c.notice_id, Notice.short_title, owed.c.kind, owed.c.period)
    query = select(
        *by[:2], Notice.short_title.label("notice"), *by[3:], func.count().label("number")
    )
    query = query.join(Notice, owed.c.notice_id == Notice.id).group_by(*by)
    return db.session.execute(query.order_by(owed.c.day, owed.c.notice_id, owed.c.kind)).all()
