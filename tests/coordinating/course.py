"""Anything that people can do to a few tasks, in any order; and what must hold after each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.cast import BODY, LANDED, WORDS, WORKDAYS, Cast, by, moment, unit
from tracker.coordinating import closing, disputing, extending
from tracker.coordinating.models import Closing, Dispute, Extension
from tracker.coordinating.states import CHECKLIST
from tracker.db import Model, db
from tracker.notices.models import Notice
from tracker.registry.models import Succession, Unit
from tracker.reports import filing, queries, reviewing, writing
from tracker.reports.bodies import Body
from tracker.reports.models import Report, Review, Revision
from tracker.tasks import reorganising, states, waiving
from tracker.tasks.models import Move, Obligation, Task, Waiver
from tracker.tasks.moving import By
from tracker.tasks.opening import open_all
from tracker.tasks.states import Forbidden
from tracker.tasks.succeeding import heirs_on

BEGINS = date(2026, 3, 2)
REASON = "演示理由。"
REJECTED = Body(stage="rejected", percent="0", progress=WORDS, reasons="现有办法已能满足需要。")
HEIRS = ("省税务局", "广东海事局", "省公安厅", "省司法厅", "省财政厅")
AWAITED = (states.DUE, states.RETURNED)
# What a task may still hold, by its own state: in no other pair is it in two states at once.
TOGETHER = {
    states.OPEN: set(states.OBLIGATIONS) - {states.DISPUTED},
    states.CONTESTED: set(states.OBLIGATIONS) - {states.DUE},
    states.EXEMPT: set(states.OBLIGATIONS) - {states.DUE, states.RETURNED, states.DISPUTED},
    states.CLOSED: {states.ACCEPTED, states.WAIVED, states.OVER},
    states.ENDED: {states.ACCEPTED, states.WAIVED, states.OVER},
}


class Course:
    """One run: a day that goes on, and what was filed so far."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.day = cast, BEGINS
        self.receipts: list[str] = []
        self.done: list[str] = []
        self.is_done = False

    def step(self, name: str, which: int, ahead: int) -> None:
        """One act; what is refused has changed nothing."""
        self.day += timedelta(days=ahead)
        filed, self.is_done = list(self.receipts), False
        try:
            with db.session.begin_nested():
                ACTS[name](self, which)
        except (Forbidden, filing.Incomplete):
            self.receipts = filed
        else:
            self.done.append(name)
            self.is_done = True

    def by(self, person: int) -> By:
        return by(person, self.day)

    @property
    def filer(self) -> By:
        return self.by(self.cast.filer)

    @property
    def chief(self) -> By:
        return self.by(self.cast.chief)

    @property
    def soon(self) -> date:
        return self.day + timedelta(days=20)

    def owed(self, which: int, *statuses: str) -> Obligation:
        query = select(Obligation.id).order_by(Obligation.id)
        found = list(db.session.scalars(query.where(Obligation.status.in_(statuses))))
        return loaded(queries.obligation(one_of(found, which)))

    def task(self, which: int, state: str) -> Task:
        query = select(Task).where(Task.state == state).order_by(Task.id)
        return one_of(db.session.scalars(query).all(), which)

    def asked(self, model: type[Model], which: int, state: str = "asked"):
        query = select(model).where(model.state == state).order_by(model.id)
        return one_of(db.session.scalars(query).all(), which)


def one_of(found: Sequence[Any], which: int) -> Any:
    if not found:
        raise Forbidden("没有")
    return found[which % len(found)]


def loaded(found: Obligation | None) -> Obligation:
    assert found
    return found


def report_of(owed: Obligation) -> Report:
    query = select(Report).where(Report.obligation_id == owed.id)
    return one_of(db.session.scalars(query).all(), 0)


def submit(course: Course, which: int) -> Obligation:
    """Mostly what is owed; now and then what is not, to be refused."""
    statuses = AWAITED if which % 6 else (states.ACCEPTED, states.DISPUTED)
    owed = course.owed(which, *statuses)
    may_reject = queries.asked_of(owed).may_reject
    body = REJECTED if may_reject and which % 3 else LANDED if which % 2 else BODY
    return submit_as(course, owed, body)


def submit_as(course: Course, owed: Obligation, body: Body) -> Obligation:
    at, filer = moment(course.day), course.cast.filer
    report = writing.begin(owed, by=filer, at=at)
    writing.save(report, body, version=report.version, by=filer, at=at)
    filing.submit(report, queries.asked_of(owed), course.filer)
    return owed


def sign(course: Course, which: int, owed: Obligation | None = None) -> None:
    owed = owed or loaded(queries.obligation(one_of(signing(), which)))
    signer = course.by(course.cast.signer)
    revision = filing.sign(report_of(owed), owed, signer, WORKDAYS)
    course.receipts.append(revision.receipt)


def signing() -> Sequence[int]:
    waiting = select(Report.obligation_id).where(Report.state == "signing")
    return list(db.session.scalars(waiting.order_by(Report.id)))


def file(course: Course, which: int) -> None:
    """What waits for a signature is signed first."""
    if which % 2 and signing():
        sign(course, which)
    else:
        sign(course, which, submit(course, which))


def withdraw(course: Course, which: int) -> None:
    owed = course.owed(which, states.FILED)
    filing.withdraw(report_of(owed), owed, course.filer)


def give_back(course: Course, which: int) -> None:
    owed = course.owed(which, states.FILED)
    reviewer = course.by(course.cast.reviewer)
    reasons = {"progress": "请补充。"}
    reviewing.send_back(report_of(owed), owed, reviewer, reasons=reasons, correct_by=course.soon)


def accept(course: Course, which: int) -> None:
    owed = course.owed(which, states.FILED)
    reviewing.accept(report_of(owed), owed, course.by(course.cast.reviewer))


def amend(course: Course, which: int) -> None:
    filing.amend(report_of(course.owed(which, states.ACCEPTED)), course.filer)


def correct(course: Course, which: int) -> None:
    """更正, all the way to the office."""
    amend(course, which)
    owed = course.owed(which, states.ACCEPTED)
    filing.submit(report_of(owed), queries.asked_of(owed), course.filer)
    sign(course, which, owed)


def ask_extension(course: Course, which: int) -> None:
    owed = course.owed(which, *AWAITED)
    wished = (owed.awaited_by or course.day) + timedelta(days=14)
    extending.ask(owed, course.filer, reason=REASON, wished_on=wished)


def extend(course: Course, which: int) -> None:
    asked = course.asked(Extension, which)
    owed = db.session.get_one(Obligation, asked.obligation_id)
    if which % 3 == 2:
        extending.refuse(asked, course.chief, note=REASON)
    else:
        day = max(asked.wished_on, course.soon) if which % 3 else None
        extending.grant(asked, owed, course.chief, day=day)


def ask_waiver(course: Course, which: int) -> None:
    waiving.ask(course.task(which, states.OPEN), course.filer, reason=REASON)


def rule_waiver(course: Course, which: int) -> None:
    asked = course.asked(Waiver, which)
    if which % 3 == 2:
        waiving.refuse(asked, course.chief, note=REASON)
    else:
        waiving.grant(asked, db.session.get_one(Task, asked.task_id), course.chief)


def waive(course: Course, which: int) -> None:
    waiving.waive([course.task(which, states.OPEN)], course.chief, reason=REASON)


def lift(course: Course, which: int) -> None:
    waiver = course.asked(Waiver, which, "granted")
    task = db.session.get_one(Task, waiver.task_id)
    waiving.lift(waiver, task, course.chief, day=course.soon, note="")


def dispute(course: Course, which: int) -> None:
    task = course.task(which, states.OPEN)
    named = unit(HEIRS[which % len(HEIRS)])
    disputing.ask(task, course.filer, unit_id=task.unit_id, reason=REASON, named=named)


def uphold(course: Course, which: int) -> None:
    asked = course.asked(Dispute, which)
    task, heir = db.session.get_one(Task, asked.task_id), unit(HEIRS[which % len(HEIRS)])
    disputing.uphold(asked, task, course.chief, unit=heir, day=course.soon)


def reject(course: Course, which: int) -> None:
    asked = course.asked(Dispute, which)
    task = db.session.get_one(Task, asked.task_id)
    if which % 2:
        disputing.withdraw(asked, task, course.filer, workdays=WORKDAYS)
    else:
        disputing.reject(asked, task, course.chief, workdays=WORKDAYS, note=REASON)


def wind_up(course: Course, which: int) -> None:
    """Everything that a task owes now is filed as landed, and accepted."""
    task = course.task(which, states.OPEN)
    query = select(Obligation.id).where(
        Obligation.task_id == task.id, Obligation.status.in_((*AWAITED, states.FILED))
    )
    for found in db.session.scalars(query.order_by(Obligation.id)).all():
        owed = loaded(queries.obligation(found))
        if owed.status != states.FILED:
            is_signing = owed.id in signing()
            sign(course, which, owed if is_signing else submit_as(course, owed, LANDED))
        reviewing.accept(report_of(owed), owed, course.by(course.cast.reviewer))


def ask_closing(course: Course, which: int) -> None:
    landed = select(Task).where(Task.state == states.OPEN, Task.is_landed).order_by(Task.id)
    task = one_of(db.session.scalars(landed).all(), which)
    closing.ask(task, course.filer, unit_id=task.unit_id, reason=REASON)


def close(course: Course, which: int) -> None:
    asked = course.asked(Closing, which)
    task = db.session.get_one(Task, asked.task_id)
    overdue = select(Obligation.id).where(
        Obligation.task_id == task.id, Obligation.awaited_by < course.day
    )
    late = db.session.scalars(overdue).all()
    closing.close(asked, task, course.chief, checked=tuple(CHECKLIST[asked.outcome]))
    assert not late, f"closed over what was overdue after {course.done}"


def reopen(course: Course, which: int) -> None:
    closed = course.asked(Closing, which, "closed")
    task = db.session.get_one(Task, closed.task_id)
    closing.reopen(closed, task, course.chief, day=course.soon, reason=REASON)


def succeed(course: Course, which: int) -> None:
    """One unit takes over from another, for certain or not."""
    heirs = heirs_on(course.day)
    gone = set(heirs.certain) | heirs.uncertain
    living = [one for one in map(unit, HEIRS) if one.id not in gone]
    if len(living) < 3:
        raise Forbidden("留下几个单位")
    old, new = living[which % len(living)], living[(which + 1) % len(living)]
    db.session.add(
        Succession(
            old_id=old.id,
            new_id=new.id,
            day=course.day,
            kind="successor",
            sure=which % 3 > 0,
            source="-",
        )
    )
    db.session.flush()


def choose(course: Course, which: int) -> None:
    """A person says who goes on with the task of a unit that was split."""
    heirs, task = heirs_on(course.day), course.task(which, states.OPEN)
    living = [one for one in map(unit, HEIRS) if one.id not in heirs.certain]
    heir = one_of([one for one in living if one.id not in heirs.uncertain], which)
    reorganising.choose([task], course.chief, unit_id=heir.id, day=course.soon)


def open_periods(course: Course, which: int) -> None:
    open_all(course.day, at=moment(course.day, 1), workdays=WORKDAYS)


Act = Callable[[Course, int], object]
ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        file, submit, sign, withdraw, give_back, accept, amend, correct,
        ask_extension, extend, ask_waiver, rule_waiver, waive, lift,
        dispute, uphold, reject, wind_up, ask_closing, close, reopen,
        succeed, choose, open_periods,
    )
}  # fmt: skip
# What happens more often than the rest.
DRAWN = (
    *ACTS, "file", "file", "file", "file", "accept", "accept", "accept", "give_back",
    "wind_up", "wind_up", "wind_up", "ask_closing", "ask_closing", "ask_closing",
    "close", "close", "close", "open_periods", "reopen", "reopen", "lift", "lift", "extend",
    "dispute", "dispute", "uphold", "uphold", "uphold", "reject",
)  # fmt: skip


def check(course: Course) -> None:
    """Everything that must hold, whatever has been done, once the night's job has run."""
    if not course.is_done:
        return
    if "succeed" in course.done:
        reorganising.settle(course.day, By(person_id=None, at=moment(course.day, 23)), WORKDAYS)
    heirs = heirs_on(course.day)
    for row in standing():
        said = f"{row} after {course.done}"
        is_open = row.status in AWAITED
        assert is_open == (row.awaited_by is not None) or row.status == states.DISPUTED, said
        assert row.status in TOGETHER[row.task_state], f"a task in two states: {said}"
        if is_open:
            assert row.unit_id not in heirs.certain, f"nobody to ask: {said}"
            doubt = heirs.since.get(row.unit_id) if row.status == states.DUE else None
            is_chosen = bool(doubt and row.chosen_on and row.chosen_on >= doubt)
            assert doubt is None or is_chosen, f"nobody to ask: {said}"
            assert row.kind != "class", f"nobody to ask: {said}"
        if row.status == states.UNASSIGNED:
            assert row.unit_id == row.office_id, f"held by nobody: {said}"
        assert (row.status == states.FILED) == (row.report == "filed"), f"lost: {said}"
        is_ended_by_closing = row.status == states.OVER and row.note == closing.CLOSED_NOTE
        assert not is_ended_by_closing or row.task_state == states.CLOSED, f"lost: {said}"
        is_begun = row.report in ("signing", "filed", "returned")
        assert not (is_ended_by_closing and is_begun), f"closed over a report: {said}"
        moved = row.move_status, row.move_day, row.move_unit
        assert moved == (row.status, row.awaited_by, row.unit_id), f"not on record: {said}"


def standing() -> Sequence:
    """Each obligation with its task, its owner, its report and its last event."""
    last = select(func.max(Move.id)).group_by(Move.obligation_id)
    query = (
        select(
            Obligation.id,
            Obligation.status,
            Obligation.awaited_by,
            Obligation.unit_id,
            Task.state.label("task_state"),
            Task.chosen_on,
            Unit.kind,
            Notice.office_id,
            Report.state.label("report"),
            Move.status.label("move_status"),
            Move.awaited_by.label("move_day"),
            Move.unit_id.label("move_unit"),
            Move.note,
        )
        .join(Task, Obligation.task_id == Task.id)
        .join(Unit, Obligation.unit_id == Unit.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Move, Move.obligation_id == Obligation.id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(Move.id.in_(last))
    )
    return db.session.execute(query).all()


def check_filed(course: Course) -> None:
    """Every receipt that was given out has its revision; what waits has no ruling, the rest has."""
    found = db.session.execute(
        select(Revision.receipt, Revision.number, Report.revision, Report.state, Review.id)
        .join(Report, Revision.report_id == Report.id)
        .outerjoin(Review, Review.revision_id == Revision.id)
        .order_by(Revision.id)
    ).all()
    assert [row.receipt for row in found] == course.receipts, f"lost after {course.done}"
    for receipt, number, latest, state, ruled in found:
        assert number <= latest, f"{receipt} is numbered {number} of {latest}"
        if number == latest and state in ("filed", "returned", "accepted"):
            assert (state == "filed") == (ruled is None), f"{receipt} is {state}"
