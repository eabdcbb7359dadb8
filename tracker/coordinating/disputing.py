"""归属异议: a unit says whose duty it thinks a task is; the clock stops until the office rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.coordinating import states
from tracker.coordinating.models import Dispute
from tracker.coordinating.states import ASKED, DISPUTE_TRANSITIONS
from tracker.db import db
from tracker.registry.models import Unit
from tracker.tasks import moving, states as tasks
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import (
    CONTEST,
    DISPUTED,
    DUE,
    FILED,
    KEEP,
    LEAD,
    OPEN,
    RETURNED,
    UNASSIGNED,
    UPHOLD,
    Forbidden,
)
from tracker.tasks.succeeding import heirs_on
from tracker.tasks.transferring import open_instead
from tracker.tasks.wording import said
from tracker.workdays import Workdays

LONGEST = 500
WHAT = "归属异议"
CLASS = "class"
STILL_OWED = (DUE, RETURNED, DISPUTED, UNASSIGNED)


def ask(task: Task, by: By, *, unit_id: int, reason: str, named: Unit | None) -> Dispute:
    """The clock of what is not overdue yet stops at once."""
    if task.role != LEAD:
        raise Forbidden("只有牵头任务可以提出归属异议；本地不涉及的，请申请免报。")
    if task.state != OPEN:
        raise Forbidden(f"这项任务当前是“{tasks.LABELS[task.state]}”，不能提出归属异议。")
    chosen = _chosen(named, other_than=unit_id, day=by.day)
    if by.person_id is None:
        raise Forbidden("归属异议须由具体人员提出。")
    words = said(reason, what="不属本单位职责的理由", longest=LONGEST)
    dispute = Dispute(
        task_id=task.id,
        unit_id=unit_id,
        state=ASKED,
        reason=words,
        named_id=chosen.id,
        asked_by=by.person_id,
        asked_at=by.at,
    )
    db.session.add(dispute)
    moving.move_tasks([task], CONTEST)
    for obligation in _owed(task, (DUE, RETURNED)):
        moving.dispute(obligation, by, note=words)
    return dispute


def _chosen(named: Unit | None, *, other_than: int, day: date) -> Unit:
    """A unit that lives and can be addressed, and not the one that says it is not its duty."""
    if named is None:
        raise Forbidden("请选择应当承担这项任务的单位。")
    if named.kind == CLASS:
        raise Forbidden(f"“{named.name}”是一类单位，不能直接交办，请选择具体单位。")
    if named.id == other_than:
        raise Forbidden("请选择另一个单位。")
    heirs = heirs_on(day)
    if named.id in heirs.certain or named.id in heirs.uncertain:
        raise Forbidden(f"“{named.name}”的职责已由其他单位承接，请选择承接单位。")
    return named


def uphold(
    dispute: Dispute,
    task: Task,
    by: By,
    *,
    unit: Unit | None,
    day: date | None,
    note: str = "",
) -> Task:
    """The other unit gets the task, with all that is still owed and a fair day for it."""
    heir = _chosen(unit, other_than=dispute.unit_id, day=by.day)
    if day is None or day <= by.day:
        raise Forbidden("请填写接办单位的报送期限，须晚于今天。")
    words = said(note, what="说明", longest=LONGEST, may_be_empty=True)
    _rule(dispute, states.UPHOLD, by, words)
    if _owed(task, (FILED,)):
        raise Forbidden("这项任务还有待审核的报告，请先审核，再作裁定。")
    owed = _owed(task, STILL_OWED)
    new = _task_for(task, heir, by.day)
    for obligation in owed:
        due_on = max(moving.issued(obligation), day)
        open_instead(obligation, new, by, due_on=due_on, note=dispute.reason)
        moving.end(obligation, by, note=f"改由{heir.name}承担")
    moving.move_tasks([task], UPHOLD)
    dispute.given_to, dispute.new_task_id = heir.id, new.id
    moving.flush()
    return new


def _task_for(task: Task, unit: Unit, day: date) -> Task:
    """The unit's own task of the measure, a fresh one: what is still owed comes over by itself."""
    mine = select(Task).where(
        Task.measure_id == task.measure_id, Task.unit_id == unit.id, Task.role == task.role
    )
    if known := db.session.scalar(mine):
        if known.state != OPEN:
            state = tasks.LABELS[known.state]
            raise Forbidden(f"{unit.name}已有这个事项的任务，状态是“{state}”，不能再交办。")
        return known
    new = Task(
        measure_id=task.measure_id,
        notice_id=task.notice_id,
        unit_id=unit.id,
        city_id=task.city_id,
        role=task.role,
        position=task.position,
        printed=unit.name,
        state=OPEN,
        is_deployed=task.is_deployed,
        allocated_on=day,
        owes_since=day,
    )
    db.session.add(new)
    moving.flush()
    return new


def reject(dispute: Dispute, task: Task, by: By, *, workdays: Workdays, note: str) -> None:
    """The clock goes on with the workdays that were left."""
    words = said(note, what="不成立的理由", longest=LONGEST)
    _rule(dispute, states.REJECT, by, words)
    _resume(task, by, workdays, words)


def withdraw(dispute: Dispute, task: Task, by: By, *, workdays: Workdays) -> None:
    _rule(dispute, states.WITHDRAW, by, "")
    _resume(task, by, workdays, "单位撤回异议")


def _resume(task: Task, by: By, workdays: Workdays, note: str) -> None:
    moving.move_tasks([task], KEEP)
    for obligation in _owed(task, (DISPUTED,)):
        moving.resume(obligation, by, workdays=workdays, note=note)


def _owed(task: Task, statuses: Sequence[str]) -> Sequence[Obligation]:
    query = select(Obligation).where(Obligation.task_id == task.id, Obligation.status.in_(statuses))
    return db.session.scalars(query.order_by(Obligation.id)).all()


def _rule(dispute: Dispute, event: str, by: By, note: str) -> None:
    dispute.state = states.after(DISPUTE_TRANSITIONS, dispute.state, event, what=WHAT)
    dispute.ruled_by, dispute.ruled_at, dispute.note = by.person_id, by.at, note
    moving.flush()
