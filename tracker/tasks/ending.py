"""Ends tasks, and brings them back: what they still owe goes with them, what was filed stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tracker.db import db
from tracker.tasks import moving, waiving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.resuming import resume_calendar
from tracker.tasks.states import (
    DISPUTED,
    DROP,
    DUE,
    EXCUSE,
    OVER,
    RECORD,
    RETURNED,
    REVIVE,
    UNASSIGNED,
)
from tracker.workdays import Workdays

AWAITED = (DUE, RETURNED, DISPUTED, UNASSIGNED)
RESUMED_WORKDAYS = 10


def end(tasks: Sequence[Task], by: By, *, note: str) -> None:
    """Nothing is asked for them any more; what lies with the office is still reviewed."""
    moving.move_tasks(tasks, DROP)
    waiving.drop(tasks, by, note=note)
    ids = [task.id for task in tasks]
    owed = select(Obligation).where(Obligation.task_id.in_(ids), Obligation.status.in_(AWAITED))
    moving.end_all(db.session.scalars(owed.order_by(Obligation.id)).all(), by, note=note)


def revive(task: Task, by: By, workdays: Workdays, *, is_owed: bool) -> None:
    """Owed again with what is being collected now, and time to file it; or on record again."""
    moving.move_tasks([task], REVIVE if is_owed else RECORD)
    if is_owed and waiving.is_granted(task):
        moving.move_tasks([task], EXCUSE)
    elif is_owed:
        soonest = workdays.after(by.day, RESUMED_WORKDAYS)
        resume_calendar(task, OVER, by, day=soonest, note="重新指定")
