"""归属异议: the clock stops, the office rules, and what is still owed finds its owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.cast import (
    BANK,
    CITY,
    CLASS,
    LANDED,
    MARITIME,
    Q1_DUE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    open_on,
    owed,
    owed_by,
    task_of,
    unit,
)
from tracker.coordinating import disputing
from tracker.coordinating.models import Dispute
from tracker.coordinating.states import REJECTED, UPHELD
from tracker.db import db
from tracker.tasks import waiving
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.states import (
    ACCEPTED,
    CONFIRMATION,
    CONTESTED,
    DISPUTED,
    DUE,
    ENDED,
    OPEN,
    OVER,
    PROGRESS,
    RETURNED,
    Forbidden,
)
from tracker.tasks.tallying import differences

IN_TIME, AFTER_DUE, RULED = date(2026, 4, 10), date(2026, 4, 16), date(2026, 6, 1)
FAIR = date(2026, 6, 15)
REASON = "这项工作由海事部门办理，不属本单位职责。"


@pytest.fixture
def task(desk: Desk) -> Task:
    return task_of(TAX)


@pytest.fixture
def asked(desk: Desk, task: Task) -> Dispute:
    return ask(desk, task, IN_TIME)


def ask(desk: Desk, task: Task, day: date, *, named: str = MARITIME) -> Dispute:
    signer = by(desk.cast.signer, day)
    return disputing.ask(task, signer, unit_id=task.unit_id, reason=REASON, named=unit(named))


def uphold(
    desk: Desk, dispute: Dispute, task: Task, *, to: str = MARITIME, on: date = RULED
) -> Task:
    chief, day = by(desk.cast.chief, on), max(FAIR, on + timedelta(days=14))
    return disputing.uphold(dispute, task, chief, unit=unit(to), day=day)


def reject(desk: Desk, dispute: Dispute, task: Task, day: date = RULED) -> None:
    chief = by(desk.cast.chief, day)
    disputing.reject(dispute, task, chief, workdays=WORKDAYS, note="三定规定已明确。")


def test_the_clock_stops_at_once(first: Obligation, task: Task, asked: Dispute) -> None:
    assert (task.state, first.status, first.awaited_by) == (CONTESTED, DISPUTED, None)


def test_overdue_already_the_clock_goes_on(desk: Desk, first: Obligation, task: Task) -> None:
    ask(desk, task, AFTER_DUE)
    assert (first.status, first.awaited_by) == (DISPUTED, Q1_DUE)


def test_a_returned_report_stands_still_and_then_has_the_workdays_left_to_put_it_right(
    desk: Desk, first: Obligation, task: Task
) -> None:
    day, correct_by = date(2026, 4, 14), date(2026, 4, 20)
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), correct_by)
    dispute = ask(desk, task, day)
    assert (first.status, first.awaited_by) == (DISPUTED, None)
    reject(desk, dispute, task)
    assert WORKDAYS.between(day, correct_by) == 4
    assert (first.status, first.awaited_by) == (RETURNED, WORKDAYS.after(RULED, 4))
    assert (first.correct_by, first.extended_to) == (first.awaited_by, None)
    desk.file(first, RULED)
    assert differences() == 0


def test_a_correction_that_is_overdue_stays_overdue(
    desk: Desk, first: Obligation, task: Task
) -> None:
    correct_by = date(2026, 4, 20)
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), correct_by)
    dispute = ask(desk, task, date(2026, 4, 21))
    assert (first.status, first.awaited_by) == (DISPUTED, correct_by)
    reject(desk, dispute, task)
    assert (first.status, first.awaited_by) == (RETURNED, correct_by)


def test_rejected_the_clock_goes_on_with_the_workdays_that_were_left(
    desk: Desk, first: Obligation, task: Task, asked: Dispute
) -> None:
    assert WORKDAYS.between(IN_TIME, Q1_DUE) == 3
    reject(desk, asked, task)
    assert (asked.state, task.state, first.status) == (REJECTED, OPEN, DUE)
    assert (first.due_on, first.awaited_by) == (Q1_DUE, WORKDAYS.after(RULED, 3))


def test_rejected_what_was_overdue_stays_overdue(desk: Desk, first: Obligation, task: Task) -> None:
    reject(desk, ask(desk, task, AFTER_DUE), task)
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)


def test_withdrawn_the_clock_goes_on_too(
    desk: Desk, first: Obligation, task: Task, asked: Dispute
) -> None:
    signer = by(desk.cast.signer, RULED)
    disputing.withdraw(asked, task, signer, workdays=WORKDAYS)
    assert (task.state, first.awaited_by) == (OPEN, WORKDAYS.after(RULED, 3))


def test_a_period_that_opens_meanwhile_stands_still_and_then_has_all_its_workdays(
    desk: Desk, task: Task, asked: Dispute
) -> None:
    open_on(date(2026, 4, 14))
    second = owed(task, period="2026-Q2")
    assert (second.status, second.awaited_by) == (DISPUTED, None)
    reject(desk, asked, task)
    whole = WORKDAYS.between(date(2026, 4, 14), second.due_on)
    assert second.awaited_by == WORKDAYS.after(RULED, whole)


def test_upheld_the_other_unit_owes_it_by_a_fair_day(
    desk: Desk, first: Obligation, task: Task, asked: Dispute
) -> None:
    new = uphold(desk, asked, task)
    theirs = owed(new)
    assert (new.unit_id, new.state) == (unit(MARITIME).id, OPEN)
    assert (theirs.unit_id, theirs.status, theirs.due_on, theirs.awaited_by) == (
        new.unit_id,
        DUE,
        FAIR,
        FAIR,
    )


def test_upheld_the_first_unit_owes_nothing_and_its_history_stays(
    desk: Desk, first: Obligation, task: Task, asked: Dispute
) -> None:
    uphold(desk, asked, task)
    assert (asked.state, task.state) == (UPHELD, ENDED)
    assert (first.unit_id, first.status, first.awaited_by) == (unit(TAX).id, OVER, None)
    moves = select(Move.event).where(Move.obligation_id == first.id).order_by(Move.id)
    assert list(db.session.scalars(moves)) == ["opened", "dispute", "end"]
    assert differences() == 0


def test_upheld_a_day_that_is_later_anyway_stands(desk: Desk, task: Task, asked: Dispute) -> None:
    open_on(date(2026, 4, 14))
    new = uphold(desk, asked, task)
    second = owed(new, period="2026-Q2")
    assert second.awaited_by == owed(task, period="2026-Q2").due_on > FAIR


def test_upheld_the_other_unit_goes_on_with_the_next_period(
    desk: Desk, task: Task, asked: Dispute
) -> None:
    open_on(RULED)
    new = uphold(desk, asked, task)
    open_on(date(2026, 7, 1))
    assert owed_by(new) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q2"), (PROGRESS, "2026-Q3")]
    assert owed_by(task) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q2")]


def test_upheld_what_the_first_unit_had_accepted_is_not_asked_for_again(
    desk: Desk, first: Obligation, task: Task
) -> None:
    desk.file(first, IN_TIME)
    desk.accept(first, IN_TIME)
    dispute = ask(desk, task, AFTER_DUE)
    open_on(RULED)
    new = uphold(desk, dispute, task)
    open_on(date(2026, 7, 1))
    assert first.status == ACCEPTED
    assert owed_by(new) == [(PROGRESS, "2026-Q2"), (PROGRESS, "2026-Q3")]


def test_upheld_of_a_landed_task_the_other_unit_owes_progress_and_confirms_nothing(
    desk: Desk, first: Obligation, task: Task
) -> None:
    desk.file(first, IN_TIME, LANDED)
    desk.accept(first, IN_TIME)
    open_on(date(2026, 10, 1))
    confirmation = owed(task, kind=CONFIRMATION, period="2026")
    new = uphold(desk, ask(desk, task, date(2026, 10, 9)), task, on=date(2026, 11, 20))
    open_on(date(2027, 1, 1))
    assert owed_by(new) == [(PROGRESS, "2026-Q4"), (PROGRESS, "2027-Q1")]
    assert owed(new, period="2026-Q4").awaited_by == confirmation.due_on
    assert (new.is_landed, confirmation.status) == (False, OVER)
    assert differences() == 0


def test_the_office_may_give_it_to_another_unit_than_the_one_named(
    desk: Desk, task: Task, asked: Dispute
) -> None:
    new = uphold(desk, asked, task, to="省公安厅")
    assert (asked.named_id, asked.given_to) == (unit(MARITIME).id, new.unit_id)


@pytest.mark.parametrize(
    ("named", "sentence"), [(CLASS, "一类单位"), (BANK, "已由其他单位承接"), (TAX, "另一个单位")]
)
def test_only_a_living_unit_that_can_be_addressed_is_named(
    desk: Desk, task: Task, named: str, sentence: str
) -> None:
    with pytest.raises(Forbidden, match=sentence):
        ask(desk, task, IN_TIME, named=named)


def test_of_a_local_task_the_duty_is_not_disputed(desk: Desk) -> None:
    with pytest.raises(Forbidden, match="申请免报"):
        ask(desk, task_of(CITY, "yfh-2020-146"), IN_TIME)


def test_it_is_disputed_once_at_a_time(desk: Desk, task: Task, asked: Dispute) -> None:
    with pytest.raises(Forbidden, match="归属待定"):
        ask(desk, task, IN_TIME)


def test_it_is_ruled_on_once(desk: Desk, task: Task, asked: Dispute) -> None:
    reject(desk, asked, task)
    with pytest.raises(Forbidden, match="已经处理"):
        uphold(desk, asked, task)


def test_a_rejection_says_why(desk: Desk, task: Task, asked: Dispute) -> None:
    chief = by(desk.cast.chief, RULED)
    with pytest.raises(Forbidden, match="请写明不成立的理由。"):
        disputing.reject(asked, task, chief, workdays=WORKDAYS, note="")


def test_while_it_is_disputed_nothing_is_waived(desk: Desk, task: Task, asked: Dispute) -> None:
    with pytest.raises(Forbidden, match="无需申请免报"):
        waiving.ask(task, by(desk.cast.filer, IN_TIME), reason=REASON)
