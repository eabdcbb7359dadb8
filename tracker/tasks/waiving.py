"""免报: a unit says that a task does not concern it, or the office waives it; until reopened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.moving import By
from tracker.tasks.states import (
    ASKED,
    DUE,
    EXEMPT,
    GRANTED,
    LIFTED,
    OPEN,
    REFUSED,
    RETURNED,
    WAIVED,
    Forbidden,
)

NOT_AFFECTED = "本地不涉及"


def ask(task: Task, by: By, *, reason: str) -> Waiver:
    """A city says 本地不涉及, with its reason. Nothing is waived before the office agrees."""
    if task.state != OPEN:
        raise Forbidden("这项任务当前不需要报送，无需申请免报。")
    if db.session.scalar(
        select(Waiver.id).where(Waiver.task_id == task.id, Waiver.state == ASKED)
    ):
        raise Forbidden("这项任务已提出免报申请，请等待统筹单位确认。")
    waiver = Waiver(
        task_id=task.id,
        state=ASKED,
        reason=reason,
        asked_by=_person(by),
        asked_at=by.at,
    )
    db.session.add(waiver)
    db.session.flush()
    return waiver


def grant(waiver: Waiver, task: Task, by: By, *, note: str = "") -> None:
    _rule(waiver, GRANTED, by, note)
    _exempt(task, by, waiver.reason)


def refuse(waiver: Waiver, by: By, *, note: str) -> None:
    _rule(waiver, REFUSED, by, note)


def waive(tasks: Sequence[Task], by: By, *, reason: str) -> int:
    """The office waives by itself, one task or a measure in many cities at once."""
    open_tasks = [task for task in tasks if task.state == OPEN]
    for task in open_tasks:
        db.session.add(
            Waiver(
                task_id=task.id,
                state=GRANTED,
                reason=reason,
                asked_by=_person(by),
                asked_at=by.at,
                ruled_by=by.person_id,
                ruled_at=by.at,
            )
        )
    _exempt_all(open_tasks, by, reason)
    return len(open_tasks)


def lift(waiver: Waiver, task: Task, by: By, *, day: date, note: str) -> None:
    """Owed again: what was waived and not yet replaced by a later period comes back."""
    if waiver.state != GRANTED:
        raise Forbidden("这项任务没有处于免报状态。")
    waiver.state, waiver.note = LIFTED, note
    task.state = OPEN
    waived = db.session.scalars(
        select(Obligation)
        .where(Obligation.task_id == task.id, Obligation.status == WAIVED)
        .order_by(Obligation.opens_on.desc())
        .limit(1)
    )
    for obligation in waived:
        moving.reopen(obligation, by, day=day, note=note)


def _rule(waiver: Waiver, state: str, by: By, note: str) -> None:
    if waiver.state != ASKED:
        raise Forbidden("这份免报申请已经处理，请刷新页面查看结果。")
    waiver.state, waiver.note = state, note
    waiver.ruled_by, waiver.ruled_at = by.person_id, by.at


def _exempt(task: Task, by: By, reason: str) -> None:
    _exempt_all([task], by, reason)


def _exempt_all(tasks: Sequence[Task], by: By, reason: str) -> None:
    """All at once: one look for everything the tasks still owe."""
    for task in tasks:
        task.state = EXEMPT
    owed = db.session.scalars(
        select(Obligation).where(
            Obligation.task_id.in_([task.id for task in tasks]),
            Obligation.status.in_((DUE, RETURNED)),
        )
    )
    for obligation in owed:
        moving.waive(obligation, by, note=reason)


def _person(by: By) -> int:
    if by.person_id is None:
        raise Forbidden("免报须由具体人员提出。")
    return by.person_id
