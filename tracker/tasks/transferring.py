"""What a task still owes begins anew for another unit's task; the old one is ended apart."""

from __future__ import annotations

from datetime import date

from tracker.db import db
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.moving import By, flush
from tracker.tasks.states import DUE, OPENED
from tracker.tasks.tallying import share, shift


def open_instead(before: Obligation, task: Task, by: By, *, due_on: date, note: str) -> Obligation:
    """The same kind and period, by a day of its own."""
    obligation = Obligation(
        task_id=task.id,
        notice_id=task.notice_id,
        unit_id=task.heir_id or task.unit_id,
        city_id=task.city_id,
        role=task.role,
        kind=before.kind,
        period=before.period,
        opens_on=before.opens_on,
        due_on=due_on,
        awaited_by=due_on,
        status=DUE,
        # A changed calendar leaves the day alone that was given with the task.
        begun_on=by.day,
    )
    db.session.add(obligation)
    flush()
    db.session.add(_opening(obligation, by, note))
    flush()
    shift([(None, share(obligation))])
    return obligation


def _opening(obligation: Obligation, by: By, note: str) -> Move:
    return Move(
        obligation_id=obligation.id,
        event=OPENED,
        recorded_at=by.at,
        unit_id=obligation.unit_id,
        status=obligation.status,
        awaited_by=obligation.awaited_by,
        person_id=by.person_id,
        note=note,
    )
