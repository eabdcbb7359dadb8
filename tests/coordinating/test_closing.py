"""销号: a landed task is checked and closed, owes nothing, and owes again once reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cast import (
    BODY,
    LANDED,
    TAX,
    WORDS,
    Desk,
    by,
    open_on,
    owed,
    owed_by,
    task_of,
    tasks_of,
    unit,
)
from tracker.clock import end_of
from tracker.coordinating import checking, closing, queries
from tracker.coordinating.models import Closing
from tracker.coordinating.states import CHECKLIST, CLOSED, REFUSED, REOPENED
from tracker.reports.bodies import Body
from tracker.supervision.landing import landed_by
from tracker.tasks import waiving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import (
    CLOSED as TASK_CLOSED,
    CONFIRMATION,
    DUE,
    OPEN,
    OVER,
    PROGRESS,
    Forbidden,
)
from tracker.tasks.tallying import differences

DAY, LATER, RESUMED = date(2026, 4, 10), date(2026, 4, 20), date(2026, 5, 20)
REASON = "已在全省全面落地并形成长效机制。"
ALL = tuple(CHECKLIST["landed"])
NOT_TAKEN = Body(
    stage="rejected", percent="0", progress=WORDS, reasons="现有办法已能满足需要，不再采用。"
)


@pytest.fixture
def task(desk: Desk) -> Task:
    return task_of(TAX)


@pytest.fixture
def asked(desk: Desk, task: Task, first: Obligation) -> Closing:
    """Landed by an accepted report, while the next period is open already."""
    desk.file(first, DAY, LANDED)
    open_on(date(2026, 4, 1))
    desk.accept(first, DAY)
    return ask(desk, task)


def ask(desk: Desk, task: Task) -> Closing:
    return closing.ask(task, by(desk.cast.signer, DAY), unit_id=task.unit_id, reason=REASON)


def close(desk: Desk, asked: Closing, task: Task, checked: tuple[str, ...] = ALL) -> None:
    closing.close(asked, task, by(desk.cast.chief, LATER), checked=checked)


def reopen(desk: Desk, asked: Closing, task: Task) -> None:
    chief = by(desk.cast.chief, date(2026, 5, 6))
    closing.reopen(asked, task, chief, day=RESUMED, reason="核查发现尚未落地。")


def second(task: Task) -> Obligation:
    return owed(task, period="2026-Q2")


def test_until_the_office_agrees_everything_is_owed_as_before(task: Task, asked: Closing) -> None:
    assert (task.state, second(task).status) == (OPEN, DUE)
    assert second(task).awaited_by == second(task).due_on


def test_a_closed_task_owes_nothing(desk: Desk, task: Task, asked: Closing) -> None:
    close(desk, asked, task)
    assert (asked.state, task.state) == (CLOSED, TASK_CLOSED)
    assert (second(task).status, second(task).awaited_by) == (OVER, None)
    assert differences() == 0


def test_a_closed_task_opens_no_later_periods(desk: Desk, task: Task, asked: Closing) -> None:
    close(desk, asked, task)
    open_on(date(2027, 1, 1))
    assert owed_by(task) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q2")]


def test_what_was_closed_at_the_same_moment_stands_on_one_page_each(desk: Desk) -> None:
    for task in tasks_of(TAX, "ybh-2019-376")[:3]:
        desk.file(owed(task), DAY, LANDED)
        desk.accept(owed(task), DAY)
        close(desk, ask(desk, task), task)
    office, after, seen = unit("省发展改革委").id, 0, []
    while rows := queries.closed_in(office, after=after, limit=1):
        after = rows[0].request_id
        seen.append(after)
    assert len(seen) == 3
    assert seen == sorted(seen, reverse=True)


def test_refused_it_is_owed_as_before(desk: Desk, task: Task, asked: Closing) -> None:
    closing.refuse(asked, by(desk.cast.chief, LATER), note="缺少实地核查。")
    assert (asked.state, task.state, second(task).status) == (REFUSED, OPEN, DUE)


def test_reopened_what_is_being_collected_is_owed_by_the_day_given_or_its_own(
    desk: Desk, task: Task, asked: Closing
) -> None:
    close(desk, asked, task)
    reopen(desk, asked, task)
    assert (asked.state, task.state, task.is_landed) == (REOPENED, OPEN, False)
    assert (second(task).status, second(task).awaited_by) == (DUE, second(task).due_on)
    assert differences() == 0


def test_reopened_the_calendar_goes_on(desk: Desk, task: Task, asked: Closing) -> None:
    close(desk, asked, task)
    reopen(desk, asked, task)
    open_on(date(2026, 7, 1))
    assert owed_by(task)[-1] == (PROGRESS, "2026-Q3")


def test_reopened_it_owes_progress_and_confirms_nothing(
    desk: Desk, task: Task, asked: Closing
) -> None:
    desk.file(second(task), LATER, LANDED)
    desk.accept(second(task), LATER)
    open_on(date(2026, 10, 1))
    confirmation = owed(task, kind=CONFIRMATION, period="2026")
    closing.close(asked, task, by(desk.cast.chief, date(2026, 10, 9)), checked=ALL)
    assert closing.coming_back(asked.id) == []
    chief = by(desk.cast.chief, date(2026, 11, 20))
    closing.reopen(asked, task, chief, day=date(2026, 12, 4), reason="核查发现尚未落地。")
    open_on(date(2026, 11, 21))
    assert confirmation.status == OVER
    assert owed(task, period="2026-Q4").status == DUE
    assert differences() == 0


def test_reopened_it_lands_by_a_report_that_says_so_and_by_no_earlier_one(
    desk: Desk, task: Task, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.accept(first, DAY)
    open_on(DAY)
    desk.file(second(task), DAY, LANDED)
    desk.accept(second(task), DAY)
    asked = ask(desk, task)
    close(desk, asked, task)
    reopen(desk, asked, task)
    for owed_for, body, is_landed in ((first, BODY, False), (second(task), LANDED, True)):
        desk.amend(owed_for, RESUMED)
        desk.file(owed_for, RESUMED, body)
        desk.accept(owed_for, RESUMED)
        assert task.is_landed is is_landed
        assert (task.id in landed_by(end_of(RESUMED), Task.id == task.id)) is is_landed


def test_every_point_of_the_checklist_is_looked_at(desk: Desk, task: Task, asked: Closing) -> None:
    with pytest.raises(Forbidden, match="佐证材料齐全"):
        close(desk, asked, task, checked=("report", "seen"))
    assert task.state == OPEN


def test_only_what_has_landed_is_closed(desk: Desk, task: Task, first: Obligation) -> None:
    desk.file(first, DAY)
    desk.accept(first, DAY)
    with pytest.raises(Forbidden, match="报告审核通过后，才能申请销号"):
        ask(desk, task)


def test_what_may_be_taken_up_ends_as_not_taken_with_reasons_that_were_accepted(
    desk: Desk,
) -> None:
    task = tasks_of(TAX, "ybh-2019-376", adoption="借鉴")[0]
    desk.file(owed(task), DAY, NOT_TAKEN)
    desk.accept(owed(task), DAY)
    asked = ask(desk, task)
    closing.close(asked, task, by(desk.cast.chief, LATER), checked=("report", "reasons"))
    assert (asked.outcome, task.state) == ("not_taken", TASK_CLOSED)
    reopen(desk, asked, task)
    with pytest.raises(Forbidden, match="报告审核通过后，才能申请销号"):
        ask(desk, task)
    desk.amend(owed(task), RESUMED)
    desk.file(owed(task), RESUMED, NOT_TAKEN)
    desk.accept(owed(task), RESUMED)
    assert closing.outcome_of(task) == "not_taken"


def submitted(desk: Desk, owed: Obligation) -> None:
    desk.submit(owed, LATER)


def filed(desk: Desk, owed: Obligation) -> None:
    desk.file(owed, LATER)


def returned(desk: Desk, owed: Obligation) -> None:
    desk.file(owed, LATER)
    desk.send_back(owed, LATER, date(2026, 5, 6))


def untouched(desk: Desk, owed: Obligation) -> None:
    """Nobody has written a word."""


@pytest.mark.parametrize(
    ("act", "day", "named"),
    [
        (submitted, LATER, "2026年第2季度进展报告待承担单位审签"),
        (filed, LATER, "2026年第2季度进展报告已报送，待审核"),
        (returned, LATER, "2026年第2季度进展报告已退回，待补正。"),
        (returned, date(2026, 8, 3), "已退回，待补正，已逾期"),
        (untouched, date(2026, 7, 15), "应于2026年7月14日前报送，已逾期"),
    ],
)
def test_a_task_with_a_report_that_is_not_settled_is_neither_closed_nor_asked_to_be(
    desk: Desk, task: Task, asked: Closing, act: Callable, day: date, named: str
) -> None:
    act(desk, second(task))
    before = second(task).status, second(task).awaited_by
    with pytest.raises(Forbidden, match=f"没有办结的报告，不能销号：.*{named}"):
        closing.close(asked, task, by(desk.cast.chief, day), checked=ALL)
    closing.withdraw(asked, by(desk.cast.signer, day))
    with pytest.raises(Forbidden, match="没有办结的报告，不能申请销号"):
        closing.ask(task, by(desk.cast.signer, day), unit_id=task.unit_id, reason=REASON)
    assert (task.state, second(task).status, second(task).awaited_by) == (OPEN, *before)


def test_a_correction_that_waits_for_its_signature_is_settled_first(
    desk: Desk, task: Task, asked: Closing, first: Obligation
) -> None:
    desk.amend(first, DAY)
    desk.submit(first, DAY, BODY)
    with pytest.raises(Forbidden, match="2026年第1季度进展报告待承担单位审签"):
        close(desk, asked, task)


def test_what_a_closed_task_had_accepted_is_not_corrected_behind_its_back(
    desk: Desk, task: Task, asked: Closing, first: Obligation
) -> None:
    desk.amend(first, DAY)
    close(desk, asked, task)
    report = desk.submit(first, LATER, BODY)
    with pytest.raises(Forbidden, match="任务已销号"):
        desk.sign(report, first, LATER)
    assert (report.state, report.revision) == ("signing", 1)


def test_all_that_a_closing_ended_comes_back_however_long_ago(
    desk: Desk, task: Task, asked: Closing
) -> None:
    draft = desk.draft(second(task), DAY)
    close(desk, asked, task)
    year_later, day = date(2027, 5, 6), date(2027, 5, 20)
    chief = by(desk.cast.chief, year_later)
    assert closing.coming_back(asked.id) == [second(task)]
    closing.reopen(asked, task, chief, day=day, reason="核查发现尚未落地。")
    assert (second(task).status, second(task).awaited_by) == (DUE, day)
    assert (second(task).extended_to, desk.report(second(task))) == (day, draft)


def test_a_day_that_is_not_put_off_is_not_written_as_put_off(
    desk: Desk, task: Task, asked: Closing
) -> None:
    close(desk, asked, task)
    reopen(desk, asked, task)
    assert second(task).due_on > RESUMED
    assert (second(task).awaited_by, second(task).extended_to) == (second(task).due_on, None)


def test_the_correction_of_what_a_closed_task_had_accepted_does_not_begin(
    desk: Desk, task: Task, asked: Closing, first: Obligation
) -> None:
    close(desk, asked, task)
    with pytest.raises(Forbidden, match="任务已销号"):
        desk.amend(first, LATER)


def test_a_closed_task_is_not_waived(desk: Desk, task: Task, asked: Closing) -> None:
    waiver = waiving.ask(task, by(desk.cast.filer, DAY), reason=REASON)
    close(desk, asked, task)
    with pytest.raises(Forbidden, match="已销号"):
        waiving.grant(waiver, task, by(desk.cast.chief, LATER))


def test_it_is_asked_for_once_at_a_time(desk: Desk, task: Task, asked: Closing) -> None:
    with pytest.raises(Forbidden, match="已申请销号"):
        ask(desk, task)


def test_reopening_says_why_and_by_when(desk: Desk, task: Task, asked: Closing) -> None:
    close(desk, asked, task)
    chief = by(desk.cast.chief, LATER)
    with pytest.raises(Forbidden, match="请写明撤销销号的理由。"):
        closing.reopen(asked, task, chief, day=RESUMED, reason="")
    with pytest.raises(Forbidden, match="须晚于今天"):
        closing.reopen(asked, task, chief, day=LATER, reason="未落地")


def visit(**typed: object) -> checking.Visit:
    whole = {"made_on": DAY, "made_by": "演示·甲、演示·乙", "seen": "现场查看办事窗口。"}
    return checking.Visit(**{**whole, "is_fine": True, **typed})


def test_a_check_says_who_when_and_what_was_seen(desk: Desk, task: Task) -> None:
    reviewer = by(desk.cast.reviewer, LATER)
    check = checking.record(task.unit_id, visit(), reviewer, task_id=task.id)
    assert (check.made_on, check.seen, check.recorded_by) == (
        DAY,
        "现场查看办事窗口。",
        desk.cast.reviewer,
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"made_on": None}, "请填写核查日期"),
        ({"made_on": date(2026, 12, 1)}, "不能晚于今天"),
        ({"made_by": ""}, "请写明核查人员。"),
        ({"seen": " "}, "请写明核查情况。"),
        ({"seen": "字" * 2001}, "最多2000字"),
        ({"is_fine": None}, "请选择核查结论。"),
    ],
)
def test_a_check_without_one_of_them_is_not_kept(
    desk: Desk, task: Task, typed: dict[str, object], sentence: str
) -> None:
    reviewer = by(desk.cast.reviewer, LATER)
    with pytest.raises(Forbidden, match=sentence):
        checking.record(task.unit_id, visit(**typed), reviewer, task_id=task.id)
