"""What a task still owes begins anew for another unit's task; the old one is ended apart."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.tasks.models import Calendar, Move, Obligation, Task
from tracker.tasks.moving import By, flush
from tracker.tasks.periods import period_of
from tracker.tasks.states import CONFIRMATION, DUE, OPENED, PROGRESS
from tracker.tasks.tallying import share, shift


def open_instead(
    before: Obligation, task: Task, by: By, *, due_on: date, note: str
) -> Obligation | None:
    """The same stretch of time, by a day of its own; nothing where the task owes it already."""
    kind, period = _asked_anew(before)
    if _owes(task, before.kind, before.period) or _owes(task, kind, period):
        return None
    obligation = Obligation(
        task_id=task.id,
        notice_id=task.notice_id,
        unit_id=task.heir_id or task.unit_id,
        city_id=task.city_id,
        role=task.role,
        kind=kind,
        period=period,
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


def _asked_anew(before: Obligation) -> tuple[str, str]:
    """Who has reported nothing has nothing to confirm: of the same period it owes its progress."""
    if before.kind != CONFIRMATION:
        return before.kind, before.period
    calendar = db.session.get_one(Calendar, (before.notice_id, before.role))
    return PROGRESS, period_of(calendar.cadence, before.opens_on).key


def _owes(task: Task, kind: str, period: str) -> bool:
    same = select(Obligation.id).where(
        Obligation.task_id == task.id, Obligation.kind == kind, Obligation.period == period
    )
    return db.session.scalar(same) is not None


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
