"""Ends tasks, and brings them back: what they still owe goes with them, what was filed stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tracker.db import db
from tracker.tasks import moving, waiving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By, issued
from tracker.tasks.scheduling import collected
from tracker.tasks.states import (
    DISPUTED,
    DUE,
    ENDED,
    EXEMPT,
    OPEN,
    OVER,
    RETURNED,
    UNASSIGNED,
)
from tracker.workdays import Workdays

AWAITED = (DUE, RETURNED, DISPUTED, UNASSIGNED)
RESUMED_WORKDAYS = 10


def end(tasks: Sequence[Task], by: By, *, note: str) -> None:
    """Nothing is asked for them any more; what lies with the office is still reviewed."""
    for task in tasks:
        task.state = ENDED
    moving.flush()
    ids = [task.id for task in tasks]
    waiving.drop(tasks, by, note=note)
    owed = select(Obligation).where(Obligation.task_id.in_(ids), Obligation.status.in_(AWAITED))
    for obligation in db.session.scalars(owed.order_by(Obligation.id)).all():
        moving.end(obligation, by, note=note)


def revive(task: Task, by: By, workdays: Workdays, *, state: str = OPEN) -> None:
    """Owed again from the running period on: what is being collected now comes back."""
    exempt = bool(waiving.exempt_among([task.id]))
    running, before = collected(task, by.day)
    task.state = EXEMPT if exempt else state
    task.owes_since = running
    moving.flush()
    if task.state != OPEN:
        return
    over = (
        select(Obligation)
        .where(Obligation.task_id == task.id, Obligation.status == OVER)
        .where((Obligation.opens_on >= before) | (Obligation.period == ""))
    )
    soonest = workdays.after(by.day, RESUMED_WORKDAYS)
    for obligation in db.session.scalars(over.order_by(Obligation.id)).all():
        moving.reopen(obligation, by, day=max(issued(obligation), soonest), note="任务恢复")
