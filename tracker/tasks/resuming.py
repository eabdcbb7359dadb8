"""A task owes again: from the running period on, with what is being collected now."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from tracker.db import db
from tracker.tasks import moving
from tracker.tasks.models import Calendar, Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.periods import period_of


def resume_calendar(
    task: Task,
    status: str,
    by: By,
    *,
    day: date,
    note: str,
    stopped: ColumnElement[bool] | None = None,
) -> None:
    """What stopped in this status comes back by its own day or a later one.

    Unless the caller says what stopped, older periods rest.
    """
    running, before = _collected(task, by.day)
    task.owes_since = running
    moving.flush()
    if stopped is None:
        stopped = (Obligation.opens_on >= before) | (Obligation.period == "")
    coming = select(Obligation).where(
        Obligation.task_id == task.id, Obligation.status == status, stopped
    )
    for obligation in db.session.scalars(coming.order_by(Obligation.id)).all():
        moving.reopen(obligation, by, day=day, note=note)


def _collected(task: Task, day: date) -> tuple[date, date]:
    """When the running period began, and the one before it, whose reports are coming in."""
    calendar = db.session.get(Calendar, (task.notice_id, task.role))
    if calendar is None:
        return day, day
    running = period_of(calendar.cadence, day).starts
    return running, period_of(calendar.cadence, running - timedelta(days=1)).starts
