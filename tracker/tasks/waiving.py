"""免报: a unit says that a task does not concern it, or the office waives it; until reopened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select

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
    _ask_anew([task], by, _reason(reason))
    return _asked([task])[0]


def ask_all(tasks: Sequence[Task], by: By, *, reason: str) -> int:
    """Many at once for one reason; what is exempt or asked for already is left as it is."""
    words = _reason(reason)
    asked = {waiver.task_id for waiver in _asked(tasks)}
    new = [task for task in tasks if task.state == OPEN and task.id not in asked]
    if not new:
        raise Forbidden("所选任务都已提出过申请或无需报送，请重新选择。")
    _ask_anew(new, by, words)
    return len(new)


def grant(waiver: Waiver, task: Task, by: By, *, note: str = "") -> None:
    grant_all([(waiver, task)], by, note=note)


def grant_all(asked: Sequence[tuple[Waiver, Task]], by: By, *, note: str = "") -> None:
    """Many at once, each for the reason its unit gave."""
    words = said(note, what="说明", longest=LONGEST, may_be_empty=True)
    _rule([waiver for waiver, _ in asked], GRANT, by, words)
    reasons = {task.id: waiver.reason for waiver, task in asked}
    _exempt([task for _, task in asked], by, reasons)


def refuse(waiver: Waiver, by: By, *, note: str) -> None:
    refuse_all([waiver], by, note=note)


def refuse_all(waivers: Sequence[Waiver], by: By, *, note: str) -> None:
    _rule(waivers, REFUSE, by, said(note, what="不同意的理由", longest=LONGEST))


def waive(tasks: Sequence[Task], by: By, *, reason: str) -> int:
    """The office waives by itself, one task or a measure in many cities at once.

    What a city has asked for already is granted by it.
    """
    open_tasks = [task for task in tasks if task.state == OPEN]
    words = _reason(reason)
    asked = {waiver.task_id: waiver for waiver in _asked(open_tasks)}
    new = [task for task in open_tasks if task.id not in asked]
    _ask_anew(new, by, words)
    _rule(_asked(new), GRANT, by, "")
    _rule(list(asked.values()), GRANT, by, words)
    _exempt(open_tasks, by, dict.fromkeys((task.id for task in open_tasks), words))
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
    _rule(_asked(tasks), REFUSE, by, note)


def is_granted(task: Task) -> bool:
    """Whether a waiver holds for the task."""
    query = select(Waiver.id).where(Waiver.task_id == task.id, Waiver.state == GRANTED)
    return db.session.scalar(query.limit(1)) is not None


def _ask_anew(tasks: Sequence[Task], by: By, words: str) -> None:
    """In one statement for all."""
    if by.person_id is None:
        raise Forbidden("免报须由具体人员提出。")
    rows = [
        {
            "task_id": task.id,
            "state": ASKED,
            "reason": words,
            "asked_by": by.person_id,
            "asked_at": by.at,
        }
        for task in tasks
    ]
    if rows:
        db.session.execute(insert(Waiver), rows)


def _reason(text: str) -> str:
    return said(text, what="免报的理由", longest=LONGEST)


def _asked(tasks: Sequence[Task]) -> Sequence[Waiver]:
    ids = [task.id for task in tasks]
    query = select(Waiver).where(Waiver.task_id.in_(ids), Waiver.state == ASKED)
    return db.session.scalars(query).all()


def _rule(waivers: Sequence[Waiver], event: str, by: By, note: str) -> None:
    if any((waiver.state, event) not in WAIVER_TRANSITIONS for waiver in waivers):
        raise Forbidden("这份免报申请已经处理，请刷新页面查看结果。")
    for waiver in waivers:
        waiver.state, waiver.note = WAIVER_TRANSITIONS[waiver.state, event], note
        waiver.ruled_by, waiver.ruled_at = by.person_id, by.at
    moving.flush_all(waivers)


def _exempt(tasks: Sequence[Task], by: By, reasons: Mapping[int, str]) -> None:
    """All at once: one look for everything the tasks still owe. The reason is for each task."""
    moving.move_tasks(tasks, EXCUSE)
    owed = db.session.scalars(
        select(Obligation)
        .where(
            Obligation.task_id.in_([task.id for task in tasks]),
            Obligation.status.in_((DUE, RETURNED)),
        )
        .order_by(Obligation.id)
    )
    moving.waive_all({one: reasons[one.task_id or 0] for one in owed.all()}, by)
