"""免报: a unit says that a task does not concern it, or the office waives it; until reopened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.moving import By
from tracker.tasks.resuming import resume_calendar
from tracker.tasks.states import (
    ASKED,
    DUE,
    EXCUSE,
    GRANT,
    GRANTED,
    LIFT,
    OPEN,
    REFUSE,
    RETURNED,
    TAKE_UP,
    WAIVED,
    WAIVER_TRANSITIONS,
    Forbidden,
)
from tracker.tasks.wording import said

NOT_AFFECTED = "本地不涉及"
LONGEST = 500


def ask(task: Task, by: By, *, reason: str) -> Waiver:
    """A city says 本地不涉及, with its reason. Nothing is waived before the office agrees."""
    if task.state != OPEN:
        raise Forbidden("这项任务当前不需要报送，无需申请免报。")
    if _asked([task]):
        raise Forbidden("这项任务已提出免报申请，请等待统筹单位确认。")
    waiver = _new(task, by, state=ASKED, reason=_reason(reason))
    db.session.add(waiver)
    db.session.flush()
    return waiver


def ask_all(tasks: Sequence[Task], by: By, *, reason: str) -> int:
    """Many at once for one reason; what is exempt or asked for already is left as it is."""
    words = _reason(reason)
    asked = {waiver.task_id for waiver in _asked(tasks)}
    new = [task for task in tasks if task.state == OPEN and task.id not in asked]
    if not new:
        raise Forbidden("所选任务都已提出过申请或无需报送，请重新选择。")
    db.session.add_all(_new(task, by, state=ASKED, reason=words) for task in new)
    db.session.flush()
    return len(new)


def grant(waiver: Waiver, task: Task, by: By, *, note: str = "") -> None:
    _rule(waiver, GRANT, by, said(note, what="说明", longest=LONGEST, may_be_empty=True))
    _exempt([task], by, waiver.reason)


def refuse(waiver: Waiver, by: By, *, note: str) -> None:
    _rule(waiver, REFUSE, by, said(note, what="不同意的理由", longest=LONGEST))


def waive(tasks: Sequence[Task], by: By, *, reason: str) -> int:
    """The office waives by itself, one task or a measure in many cities at once.

    What a city has asked for already is granted by it.
    """
    open_tasks = [task for task in tasks if task.state == OPEN]
    words = _reason(reason)
    asked = {waiver.task_id: waiver for waiver in _asked(open_tasks)}
    for task in open_tasks:
        waiver = asked.get(task.id) or _new(task, by, state=ASKED, reason=words)
        db.session.add(waiver)
        _rule(waiver, GRANT, by, "" if task.id not in asked else words)
    _exempt(open_tasks, by, words)
    return len(open_tasks)


def lift(waiver: Waiver, task: Task, by: By, *, day: date, note: str) -> None:
    """Owed again from the running period on: what is being collected now comes back."""
    if (waiver.state, LIFT) not in WAIVER_TRANSITIONS:
        raise Forbidden("这项任务没有处于免报状态。")
    words = said(note, what="说明", longest=LONGEST, may_be_empty=True)
    waiver.state, waiver.note = WAIVER_TRANSITIONS[waiver.state, LIFT], words
    moving.move_tasks([task], TAKE_UP)
    resume_calendar(task, WAIVED, by, day=day, note=words)


def drop(tasks: Sequence[Task], by: By, *, note: str) -> None:
    """The tasks are over: what was asked for them needs no ruling any more."""
    for waiver in _asked(tasks):
        _rule(waiver, REFUSE, by, note)


def is_granted(task: Task) -> bool:
    """Whether a waiver holds for the task."""
    query = select(Waiver.id).where(Waiver.task_id == task.id, Waiver.state == GRANTED)
    return db.session.scalar(query.limit(1)) is not None


def _new(task: Task, by: By, *, state: str, reason: str) -> Waiver:
    if by.person_id is None:
        raise Forbidden("免报须由具体人员提出。")
    return Waiver(
        task_id=task.id, state=state, reason=reason, asked_by=by.person_id, asked_at=by.at
    )


def _reason(text: str) -> str:
    return said(text, what="免报的理由", longest=LONGEST)


def _asked(tasks: Sequence[Task]) -> Sequence[Waiver]:
    ids = [task.id for task in tasks]
    query = select(Waiver).where(Waiver.task_id.in_(ids), Waiver.state == ASKED)
    return db.session.scalars(query).all()


def _rule(waiver: Waiver, event: str, by: By, note: str) -> None:
    if (waiver.state, event) not in WAIVER_TRANSITIONS:
        raise Forbidden("这份免报申请已经处理，请刷新页面查看结果。")
    waiver.state, waiver.note = WAIVER_TRANSITIONS[waiver.state, event], note
    waiver.ruled_by, waiver.ruled_at = by.person_id, by.at
    moving.flush()


def _exempt(tasks: Sequence[Task], by: By, reason: str) -> None:
    """All at once: one look for everything the tasks still owe."""
    moving.move_tasks(tasks, EXCUSE)
    owed = db.session.scalars(
        select(Obligation)
        .where(
            Obligation.task_id.in_([task.id for task in tasks]),
            Obligation.status.in_((DUE, RETURNED)),
        )
        .order_by(Obligation.id)
    )
    for obligation in owed.all():
        moving.waive(obligation, by, note=reason)
