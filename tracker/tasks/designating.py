"""指定: the office decides what a notice leaves open, and tasks follow; what was filed stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, insert, select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice, Reach
from tracker.registry.editing import CLASS as CLASS_KIND
from tracker.registry.models import City, Unit
from tracker.registry.scopes import NONE, RESOLVED, WAITING
from tracker.tasks import moving
from tracker.tasks.allocating import allocate
from tracker.tasks.ending import end, revive
from tracker.tasks.models import Designation, Task
from tracker.tasks.moving import By
from tracker.tasks.opening import open_all
from tracker.tasks.states import (
    CITIES,
    CLASS,
    CLOSED,
    DECIDE,
    DESIGNATION_TRANSITIONS,
    ENDED,
    HELD,
    HOLD,
    LEAD,
    LOCAL,
    NAME,
    OPEN,
    RECORDED,
    UNDECIDED,
    UNDO,
    Forbidden,
)
from tracker.tasks.succeeding import heirs_on
from tracker.tasks.wording import said
from tracker.workdays import Workdays

LONGEST_SOURCE, LONGEST_WORDS = 200, 500
MOST_UNITS = 60
CITY_LEVEL = "city"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing a notice leaves open: the cities, the units of a class, or further units."""

    measure: Measure
    notice: Notice
    subject: str
    class_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """As the office took it. `seen` is the one that stood when the page was opened."""

    chosen: Sequence[int]
    source: str
    words: str
    seen: int


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How many tasks a decision made or brought back, and how many it ended."""

    begun: int
    ended: int
    units: frozenset[int] = frozenset()


def decide(question: Question, decision: Decision, by: By, workdays: Workdays) -> Effect:
    """Choose, or choose anew: tasks arise, come back or end so that they fit the choice."""
    _refuse_unchosen(question, decision.chosen, by)
    _record(question, DECIDE, decision, by)
    return _carry_out(question, frozenset(decision.chosen), by, workdays)


def undo(question: Question, decision: Decision, by: By, workdays: Workdays) -> Effect:
    """As if it had never been decided, but for what was filed meanwhile."""
    _record(question, UNDO, decision, by)
    return _carry_out(question, frozenset(), by, workdays)


def latest(question: Question) -> Designation | None:
    query = select(Designation).where(
        Designation.measure_id == question.measure.id,
        Designation.subject == question.subject,
        _same_class(question),
    )
    return db.session.scalar(query.order_by(Designation.id.desc()).limit(1))


def _refuse_unchosen(question: Question, chosen: Collection[int], by: By) -> None:
    if not chosen and question.subject == CITIES:
        raise Forbidden("请至少勾选一个地市。")
    if not chosen and question.subject == CLASS:
        raise Forbidden("请至少填写一个单位。")
    if len(chosen) > MOST_UNITS:
        raise Forbidden(f"一次最多明确{MOST_UNITS}个单位。")
    _refuse_unfit(question, chosen, by)


def _refuse_unfit(question: Question, chosen: Collection[int], by: By) -> None:
    """A class cannot be asked, and a unit that the notice names already is not named again."""
    if question.subject == CITIES:
        return
    classes = select(Unit.name).where(Unit.id.in_(chosen), Unit.kind == CLASS_KIND)
    if found := db.session.scalars(classes).first():
        raise Forbidden(f"“{found}”是一类单位，不能交办，请写明具体单位。")
    heirs = heirs_on(by.day)
    followed = heirs.uncertain | set(heirs.certain)
    gone = select(Unit.name).where(Unit.id.in_(chosen), Unit.id.in_(followed))
    if found := db.session.scalars(gone).first():
        raise Forbidden(f"“{found}”的职责已由其他单位承接，请写明承接单位。")
    own = _made_by(question)
    twice = (
        select(Unit.name)
        .join(Task, Task.unit_id == Unit.id)
        .where(Task.measure_id == question.measure.id, Task.role != LOCAL)
        .where(Unit.id.in_(chosen), Unit.id.not_in(own))
    )
    if found := db.session.scalars(twice).first():
        raise Forbidden(f"“{found}”已承担这一事项，不需要再指定。")


def _made_by(question: Question) -> frozenset[int]:
    """The units that earlier decisions on the same question have named."""
    query = select(Designation.chosen).where(
        Designation.measure_id == question.measure.id,
        Designation.subject == question.subject,
        _same_class(question),
    )
    return frozenset(unit_id for chosen in db.session.scalars(query) for unit_id in chosen)


def _same_class(question: Question) -> ColumnElement[bool]:
    if question.class_id is None:
        return Designation.class_id.is_(None)
    return Designation.class_id == question.class_id


def _record(question: Question, event: str, decision: Decision, by: By) -> None:
    """One after the other: who did not see the decision that stands by now is told."""
    db.session.execute(
        select(Measure.id).where(Measure.id == question.measure.id).with_for_update()
    )
    standing = latest(question)
    if (standing.id if standing else 0) != decision.seen:
        raise Forbidden("其他人刚刚作过指定，您的操作没有生效，请刷新页面核对后再提交。")
    state = standing.state if standing else UNDECIDED
    if (state, event) not in DESIGNATION_TRANSITIONS or by.person_id is None:
        raise Forbidden("这里还没有作过指定，不需要撤销。")
    db.session.add(
        Designation(
            measure_id=question.measure.id,
            subject=question.subject,
            class_id=question.class_id,
            state=DESIGNATION_TRANSITIONS[state, event],
            chosen=sorted(set(decision.chosen)) if event == DECIDE else [],
            source=said(decision.source, what="依据", longest=LONGEST_SOURCE),
            words=said(decision.words, what="决定内容", longest=LONGEST_WORDS),
            decided_by=by.person_id,
            decided_at=by.at,
        )
    )
    db.session.flush()


def _carry_out(question: Question, chosen: frozenset[int], by: By, workdays: Workdays) -> Effect:
    if question.subject == CITIES:
        before = _reached(question, chosen)
        local = _local_tasks(question, chosen, by)
        standing = [task for task in local if task.city_id in before | chosen]
        wanted = {task.id for task in standing if task.city_id in chosen}
    else:
        named = _made_by(question)
        standing = list(_named_tasks(question, chosen, by, named))
        wanted = {task.id for task in standing if task.unit_id in chosen}
        _hold(question, is_settled=bool(chosen))
    return _fit(question.notice, standing, wanted, by, workdays)


def _reached(question: Question, chosen: frozenset[int]) -> frozenset[int]:
    """Write down which cities the scope comes to now, and say which it came to before."""
    mine = Reach.measure_id == question.measure.id
    rows = db.session.execute(select(Reach.city_id, Reach.is_done_already).where(mine)).all()
    before = frozenset(row.city_id for row in rows if not row.is_done_already)
    gone, new = before - chosen, chosen - {row.city_id for row in rows}
    db.session.execute(delete(Reach).where(mine, Reach.city_id.in_(gone)))
    if new:
        values = [{"measure_id": question.measure.id, "city_id": city} for city in sorted(new)]
        db.session.execute(insert(Reach), [one | {"is_done_already": False} for one in values])
    printed = _printed_scope(question.measure)
    question.measure.scope_state = RESOLVED if chosen else WAITING if printed else NONE
    db.session.flush()
    return before


def _printed_scope(measure: Measure) -> str:
    listed = select(MeasureList.scope_raw).where(MeasureList.id == measure.list_id)
    return measure.scope_raw or db.session.scalars(listed).one()


def _local_tasks(question: Question, chosen: frozenset[int], by: By) -> Sequence[Task]:
    if chosen:
        allocate(question.notice.id, by.day)
    query = select(Task).join(City, Task.city_id == City.id)
    query = query.where(Task.measure_id == question.measure.id, Task.role == LOCAL)
    return db.session.scalars(query.order_by(City.position)).all()


def _named_tasks(
    question: Question, chosen: frozenset[int], by: By, named: frozenset[int]
) -> Sequence[Task]:
    """The tasks of all units that were ever named here; those named first get theirs now."""
    mine = (
        select(Task)
        .where(Task.measure_id == question.measure.id, Task.role == LEAD)
        .where(Task.unit_id.in_(named | chosen))
        .order_by(Task.id)
    )
    known = {task.unit_id for task in db.session.scalars(mine)}
    new = select(Unit).where(Unit.id.in_(chosen - known)).order_by(Unit.id)
    last = select(func.max(Task.position)).where(Task.measure_id == question.measure.id)
    first = (db.session.scalar(last) or 0) + 1
    for position, unit in enumerate(db.session.scalars(new).all(), start=first):
        db.session.add(_task(question, unit, position, by))
    db.session.flush()
    return db.session.scalars(mine).all()


def _task(question: Question, unit: Unit, position: int, by: By) -> Task:
    return Task(
        measure_id=question.measure.id,
        notice_id=question.notice.id,
        unit_id=unit.id,
        role=LEAD,
        position=position,
        printed=unit.name,
        state=_living(question.notice, LEAD),
        is_deployed=question.measure.is_deployed,
        allocated_on=by.day,
        owes_since=by.day,
    )


def _hold(question: Question, *, is_settled: bool) -> None:
    """Named units end the class task; without them the office holds it again."""
    if question.class_id is None:
        return
    query = select(Task).where(
        Task.measure_id == question.measure.id, Task.unit_id == question.class_id
    )
    for task in db.session.scalars(query).all():
        if is_settled and task.state == HELD:
            moving.move_tasks([task], NAME)
        elif not is_settled and task.state == ENDED:
            moving.move_tasks([task], HOLD)


def _fit(
    notice: Notice, standing: Sequence[Task], wanted: Collection[int], by: By, workdays: Workdays
) -> Effect:
    over = [t for t in standing if t.id not in wanted and t.state not in (ENDED, CLOSED)]
    back = [task for task in standing if task.id in wanted and task.state == ENDED]
    new = [t for t in standing if t.id in wanted and t.allocated_on == by.day and t not in back]
    end(over, by, note="统筹单位调整了指定")
    for task in back:
        revive(task, by, workdays, is_owed=_living(notice, task.role) == OPEN)
    open_all(by.day, at=by.at, workdays=workdays, notice_id=notice.id)
    units = frozenset(task.unit_id for task in (*new, *back, *over))
    return Effect(begun=len(new) + len(back), ended=len(over), units=units)


def _living(notice: Notice, role: str) -> str:
    """As allocation begins a task: on record only where nothing is owed by default."""
    is_on_record = notice.is_reference or (role == LOCAL and notice.level == CITY_LEVEL)
    return RECORDED if is_on_record else OPEN
