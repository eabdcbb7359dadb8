"""销号: the unit asks, the office checks and closes or refuses; what was closed can be reopened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from tracker.coordinating import states, unfinished
from tracker.coordinating.models import Closing
from tracker.coordinating.queries import reopenings
from tracker.coordinating.states import (
    ASKED,
    CHECKLIST,
    CLOSING_TRANSITIONS,
    LANDED,
    NOT_TAKEN,
)
from tracker.db import db
from tracker.reports.standing import last_accepted, stage_of
from tracker.reports.states import REJECTED
from tracker.tasks import moving, states as tasks
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.resuming import resume_calendar
from tracker.tasks.states import (
    CLOSE,
    CONFIRMATION,
    DUE,
    END,
    OPEN,
    OVER,
    TAKE_UP,
    Forbidden,
)
from tracker.tasks.wording import said

LONGEST = 500
WHAT = "销号申请"
CLOSED_NOTE = "任务已销号"


def outcome_of(task: Task) -> str | None:
    """How the task could be closed now, as its accepted reports say; None where it cannot."""
    if task.is_landed:
        return LANDED
    return NOT_TAKEN if stage_of(task.id) == REJECTED and _is_said_anew(task.id) else None


def _is_said_anew(task_id: int) -> bool:
    """Of a task that was taken up again only a new report says that it is not taken."""
    again = reopenings(Task.id == task_id).get(task_id)
    said_at = last_accepted(task_id, REJECTED)
    return again is None or (said_at is not None and said_at > again.reopened_at)


def ask(task: Task, by: By, *, unit_id: int, reason: str) -> Closing:
    if task.state != OPEN:
        raise Forbidden(f"这项任务当前是“{tasks.LABELS[task.state]}”，不能申请销号。")
    outcome = outcome_of(task)
    if outcome is None:
        raise Forbidden("“已落地”（或借鉴事项“不采用”）的报告审核通过后，才能申请销号。")
    if _pending(task):
        raise Forbidden("这项任务已申请销号，请等待统筹单位核对。")
    unfinished.check(task.id, by.day, what="申请销号")
    if by.person_id is None:
        raise Forbidden("销号须由具体人员提出。")
    closing = Closing(
        task_id=task.id,
        unit_id=unit_id,
        state=ASKED,
        outcome=outcome,
        reason=said(reason, what="申请销号的情况说明", longest=LONGEST),
        checklist={},
        asked_by=by.person_id,
        asked_at=by.at,
    )
    db.session.add(closing)
    moving.flush()
    return closing


def _pending(task: Task) -> Closing | None:
    query = select(Closing).where(Closing.task_id == task.id, Closing.state == ASKED)
    return db.session.scalar(query)


def close(
    closing: Closing, task: Task, by: By, *, checked: Collection[str], note: str = ""
) -> None:
    """Every point of the checklist has been looked at; from now on the task owes nothing."""
    points = CHECKLIST[closing.outcome]
    if missing := [word for point, word in points.items() if point not in checked]:
        raise Forbidden(f"还有核对事项没有勾选：{'；'.join(missing)}。")
    if outcome_of(task) != closing.outcome:
        raise Forbidden("申请之后又有报告改变了工作阶段，请核对后退回申请。")
    unfinished.check(task.id, by.day, what="销号")
    words = said(note, what="说明", longest=LONGEST, may_be_empty=True)
    _rule(closing, states.CLOSE, by, words)
    closing.checklist = dict.fromkeys(points, True)
    not_due = select(Obligation).where(Obligation.task_id == task.id, Obligation.status == DUE)
    moving.move_tasks([task], CLOSE)
    for obligation in db.session.scalars(not_due.order_by(Obligation.id)).all():
        moving.end(obligation, by, note=CLOSED_NOTE)


def refuse(closing: Closing, by: By, *, note: str) -> None:
    _rule(closing, states.REFUSE, by, said(note, what="不同意的理由", longest=LONGEST))


def withdraw(closing: Closing, by: By) -> None:
    _rule(closing, states.WITHDRAW, by, "")


def _rule(closing: Closing, event: str, by: By, note: str) -> None:
    closing.state = states.after(CLOSING_TRANSITIONS, closing.state, event, what=WHAT)
    closing.ruled_by, closing.ruled_at, closing.note = by.person_id, by.at, note
    moving.flush()


def reopen(closing: Closing, task: Task, by: By, *, day: date | None, reason: str) -> None:
    """The calendar goes on with the running period; all that the closing ended is owed again.

    Each by its own day, or by `day` where that is later.
    """
    words = said(reason, what="撤销销号的理由", longest=LONGEST)
    if day is None or day <= by.day:
        raise Forbidden("请填写撤销销号后的报送期限，须晚于今天。")
    closing.state = states.after(CLOSING_TRANSITIONS, closing.state, states.REOPEN, what=WHAT)
    closing.reopened_by, closing.reopened_at, closing.reopened_why = by.person_id, by.at, words
    moving.move_tasks([task], TAKE_UP)
    moving.mark_landed({task: False}, on=by.day)
    resume_calendar(task, OVER, by, day=day, note=words, stopped=_ended_by(closing.id))


def coming_back(closing_id: int) -> Sequence[Obligation]:
    """What reopening would bring back, shown before the chief decides."""
    query = select(Obligation).where(Obligation.status == OVER, _ended_by(closing_id))
    return db.session.scalars(query.order_by(Obligation.opens_on, Obligation.id)).all()


def _ended_by(closing_id: int) -> ColumnElement[bool]:
    """What this very closing ended, of whatever period: its events are of the same moment.

    A task that is taken up again has not landed: it confirms nothing and reports its progress.
    """
    ended = (
        select(Move.obligation_id)
        .join(Closing, Move.recorded_at == Closing.ruled_at)
        .join(Obligation, Move.obligation_id == Obligation.id)
        .where(Closing.id == closing_id, Obligation.task_id == Closing.task_id, Move.event == END)
        .where(Obligation.kind != CONFIRMATION)
    )
    return Obligation.id.in_(ended)
