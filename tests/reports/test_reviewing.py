"""The office accepts or returns a revision, once, and never by whoever had it in hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import (
    FORWARDED,
    LANDED,
    OFFICE,
    STARTED,
    TAX,
    WORKDAYS,
    Act,
    Desk,
    at_once,
    by,
    owed,
    task_of,
    unit,
)
from tracker.clock import day_of
from tracker.db import db
from tracker.registry.models import Person
from tracker.reports import filing, queries, reviewing, writing
from tracker.reports.models import Report, Review
from tracker.tasks.models import Obligation
from tracker.tasks.states import ACCEPTED, FILED, RETURNED, Forbidden
from tracker.tasks.tallying import differences

DAY, NEXT, CORRECTION = date(2026, 4, 1), date(2026, 4, 2), date(2026, 5, 20)


def review_of(desk: Desk, owed: Obligation) -> Review:
    (review,) = queries.reviews(desk.report(owed).id).values()
    return review


def test_an_accepted_report_is_done(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    report = desk.accept(first, NEXT)
    assert (report.state, report.review_by, first.status) == ("accepted", None, ACCEPTED)
    assert review_of(desk, first).reviewer_id == desk.cast.reviewer


def test_a_returned_report_says_what_to_put_right_by_section_and_day(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    report = desk.send_back(first, NEXT, CORRECTION)
    review = review_of(desk, first)
    assert (review.reasons, review.correct_by) == ({"progress": "请补充数据。"}, CORRECTION)
    assert (report.state, first.status) == ("returned", RETURNED)


def test_the_office_keeps_its_own_correction_day_where_the_due_day_is_later(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.send_back(first, NEXT, date(2026, 4, 7))
    assert review_of(desk, first).correct_by == date(2026, 4, 7)
    assert first.awaited_by == first.due_on


def test_whoever_is_told_of_a_return_reads_the_day_that_counts(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    returned(desk, first, {"progress": "请补充数据。", "results": "缺数字；"}, date(2026, 4, 7))
    note = "补正期限2026年4月15日。进展情况：请补充数据；工作成效：缺数字。"
    assert queries.report_moves(desk.report(first).id)[-1].note == note
    assert queries.task_moves(first.task_id)[-1].note == note


def returned(desk: Desk, owed: Obligation, reasons: dict[str, str], correct_by: date) -> None:
    report, who = desk.report(owed), by(desk.cast.reviewer, NEXT)
    reviewing.send_back(report, owed, who, reasons=reasons, correct_by=correct_by)


@pytest.mark.parametrize("reasons", [{}, {"progress": " "}, {"nothing": "不存在的栏目"}])
def test_a_return_without_reasons_is_refused(
    desk: Desk, first: Obligation, reasons: dict[str, str]
) -> None:
    desk.file(first, DAY)
    with pytest.raises(Forbidden, match="退回须写明理由"):
        returned(desk, first, reasons, CORRECTION)
    assert first.status == FILED


@pytest.mark.parametrize("reason", ["字" * 1_001, "请\x00补充"])
def test_a_reason_that_cannot_be_kept_is_refused_with_its_section(
    desk: Desk, first: Obligation, reason: str
) -> None:
    desk.file(first, DAY)
    with pytest.raises(Forbidden, match="“进展情况”的退回理由"):
        returned(desk, first, {"progress": reason}, CORRECTION)


@pytest.mark.parametrize("correct_by", [NEXT, DAY, NEXT + timedelta(days=367)])
def test_a_correction_day_lies_ahead_and_within_a_year(
    desk: Desk, first: Obligation, correct_by: date
) -> None:
    desk.file(first, DAY)
    with pytest.raises(Forbidden, match="补正期限"):
        returned(desk, first, {"progress": "请补充。"}, correct_by)


@pytest.mark.parametrize("who", ["filer", "signer"])
def test_nobody_reviews_what_they_filed_or_signed(desk: Desk, first: Obligation, who: str) -> None:
    report = desk.file(first, DAY)
    with pytest.raises(Forbidden, match="须由其他审核人审核"):
        reviewing.accept(report, first, by(getattr(desk.cast, who), NEXT))


def test_nobody_reviews_a_report_of_which_they_signed_an_earlier_revision(
    desk: Desk, first: Obligation
) -> None:
    report = desk.submit(first, DAY)
    filing.sign(report, first, by(desk.cast.chief, DAY), WORKDAYS)
    desk.send_back(first, NEXT, CORRECTION)
    desk.file(first, NEXT)
    with pytest.raises(Forbidden, match="须由其他审核人审核"):
        reviewing.accept(report, first, by(desk.cast.chief, NEXT))


def test_only_what_is_filed_is_reviewed(desk: Desk, first: Obligation) -> None:
    desk.submit(first, DAY)
    with pytest.raises(Forbidden, match="刚由其他审核人处理"):
        desk.accept(first, NEXT)


def test_a_second_reviewer_is_told(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    desk.accept(first, NEXT)
    with pytest.raises(Forbidden, match="刚由其他审核人处理，请刷新页面查看结果。"):
        reviewing.accept(report, first, by(desk.cast.chief, NEXT))


def deciding(who: int, obligation_id: int, *, accepts: bool) -> Act:
    def act() -> Iterator[None]:
        found = db.session.get_one(Obligation, obligation_id)
        report = writing.of_obligation(obligation_id)
        assert report is not None
        yield
        if accepts:
            reviewing.accept(report, found, by(who, NEXT))
            return
        reasons = {"progress": "请补充。"}
        reviewing.send_back(report, found, by(who, NEXT), reasons=reasons, correct_by=CORRECTION)

    return act


@pytest.mark.parametrize("accepts", [True, False])
def test_of_two_reviewers_at_the_same_moment_the_second_is_told(alone: Desk, accepts: bool) -> None:
    first = owed(task_of(TAX))
    alone.file(first, DAY)
    one = deciding(alone.cast.reviewer, first.id, accepts=True)
    other = deciding(alone.cast.chief, first.id, accepts=accepts)
    told = [error for error in at_once(alone.app, one, other) if error is not None]
    assert [type(error) for error in told] == [Forbidden]
    assert str(told[0]) == reviewing.DECIDED
    assert db.session.scalar(select(func.count()).select_from(Review)) == 1
    assert differences() == 0


def test_of_a_review_and_a_withdrawal_at_the_same_moment_one_holds(alone: Desk) -> None:
    first = owed(task_of(TAX))
    first_id, report_id = first.id, alone.file(first, DAY).id

    def withdrawing() -> Iterator[None]:
        found = db.session.get_one(Obligation, first_id)
        report = db.session.get_one(Report, report_id)
        yield
        filing.withdraw(report, found, by(alone.cast.filer, NEXT))

    review = deciding(alone.cast.reviewer, first_id, accepts=True)
    told = [error for error in at_once(alone.app, withdrawing, review) if error is not None]
    assert [type(error) for error in told] == [Forbidden]
    report = db.session.get_one(Report, report_id)
    assert report.state in ("sent_back", "accepted")
    assert differences() == 0


def test_who_reads_first_is_the_reviewer(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    reviewing.begin(report, by(desk.cast.reviewer, NEXT))
    reviewing.begin(report, by(desk.cast.chief, NEXT))
    assert report.reviewer_id == desk.cast.reviewer


def test_a_report_that_is_filed_again_waits_for_any_reviewer(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    reviewing.begin(report, by(desk.cast.reviewer, NEXT))
    desk.send_back(first, NEXT, CORRECTION)
    desk.file(first, NEXT)
    assert report.reviewer_id is None


def test_a_review_of_another_bodys_report_is_marked_as_such(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    desk.accept(first, NEXT)
    assert not review_of(desk, first).is_own_unit


def test_a_review_of_the_offices_own_department_is_marked_as_such(desk: Desk) -> None:
    department = "省商务厅"
    assert unit(OFFICE).parent_id == unit(department).id
    own = owed(task_of(department, FORWARDED))
    desk.file(own, DAY)
    desk.accept(own, NEXT)
    assert review_of(desk, own).is_own_unit


def test_the_queue_shows_the_nearest_deadline_first(desk: Desk, first: Obligation) -> None:
    other = owed(task_of("广东海事局"))
    desk.file(other, NEXT)
    desk.file(first, DAY)
    queue = queries.waiting_for_review(unit(OFFICE).id)
    assert [row.id for row in queue] == [first.id, other.id]


def test_the_task_knows_that_it_has_landed_only_once_that_is_accepted(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY, LANDED)
    assert not task_of(TAX).is_landed
    desk.accept(first, NEXT)
    assert task_of(TAX).is_landed


def test_everything_that_happened_stands_in_the_timeline_with_who_and_when(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.send_back(first, NEXT, CORRECTION)
    moves = queries.task_moves(first.task_id)
    cast = desk.cast
    names = [db.session.get_one(Person, who).name for who in (cast.signer, cast.reviewer)]
    assert [(row.event, row.person) for row in moves] == [
        ("opened", None),
        ("file", names[0]),
        ("return", names[1]),
    ]
    assert [day_of(row.recorded_at) for row in moves] == [STARTED, DAY, NEXT]
