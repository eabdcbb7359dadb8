"""提醒: which obligations a unit's digest named on a day; what was ignored leads to an urge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from tracker.db import db, insert
from tracker.supervision.models import Reminder
from tracker.tasks.models import Obligation


def remember(named: Sequence[Any], *, day: date) -> None:
    """Keep what a digest named: rows with `id`, `unit_id` and `awaited_by`. Once for each day."""
    rows = [
        {
            "obligation_id": row.id,
            "day": day,
            "unit_id": row.unit_id,
            "awaited_by": row.awaited_by,
        }
        for row in named
    ]
    if rows:
        db.session.execute(insert(Reminder).on_conflict_do_nothing(), rows)


def reminders(ids: Any) -> dict[int, int]:
    """How often each of them was named for the day it is awaited by now: a new day starts anew."""
    query = (
        select(Reminder.obligation_id, func.count().label("reminders"))
        .join(
            Obligation,
            (Reminder.obligation_id == Obligation.id)
            & (Reminder.awaited_by == Obligation.awaited_by),
        )
        .where(Reminder.obligation_id.in_(ids))
        .group_by(Reminder.obligation_id)
    )
    return {row.obligation_id: row.reminders for row in db.session.execute(query)}


def of_task(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every reminder of what a task owes, the first first."""
    query = (
        select(Reminder.obligation_id, Reminder.day)
        .join(Obligation, Reminder.obligation_id == Obligation.id)
        .where(Obligation.task_id == task_id)
    )
    return db.session.execute(query.order_by(Reminder.day, Reminder.obligation_id)).all()
