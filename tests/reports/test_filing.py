"""Out of the unit: submitted, signed, sent; withdrawn, put right; recorded from paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import (
    BODY,
    EIGHTH,
    OLD,
    Q1_DUE,
    TAX,
    UNCHANGED,
    WORDS,
    WORKDAYS,
    Act,
    Desk,
    at_once,
    by,
    calendar_of,
    open_on,
    owed,
    task_of,
)
from tracker.db import db
from tracker.reports import evidence, filing, queries, reviewing
from tracker.reports.bodies import Body
from tracker.reports.filing import Incomplete
from tracker.reports.models import Report, ReportMove, Revision
from tracker.reports.states import EVENTS, STATES, TRANSITIONS, after
from tracker.tasks import scheduling
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import ACCEPTED, DUE, FILED, Forbidden
from tracker.tasks.tallying import differences

DAY, LATER = date(2026, 4, 1), date(2026, 4, 8)
PDF = b"%PDF-1.7 scan"


def revisions(report: Report) -> list[Revision]:
    return list(queries.revisions(report.id))


def test_an_incomplete_report_is_not_submitted_and_says_what_is_missing(
    desk: Desk, first: Obligation
) -> None:
    report = desk.draft(first, DAY, Body())
    with pytest.raises(Incomplete) as incomplete:
        filing.submit(report, queries.asked_of(first), by(desk.cast.filer, DAY))
    assert {m.field for m in incomplete.value.mistakes} == {"stage", "percent", "progress"}
    assert report.state == "draft"


def test_a_signed_report_is_filed_as_a_revision_with_who_and_when(
    desk: Desk, first: Obligation
) -> None:
    report = desk.submit(first, DAY)
    revision = desk.sign(report, first, LATER)
    assert (revision.number, revision.filed_by, revision.signed_by) == (
        1,
        desk.cast.filer,
        desk.cast.signer,
    )
    assert (revision.unit_name, revision.receipt) == (TAX, "2026-000001")
    assert (report.state, first.status) == ("filed", FILED)


def test_the_reviewer_has_a_deadline_of_five_workdays(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    assert report.review_by == WORKDAYS.after(DAY, 5)


def test_a_double_submission_submits_once(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    with pytest.raises(Forbidden, match="待审签"):
        filing.submit(report, queries.asked_of(first), by(desk.cast.filer, DAY))


def test_a_double_signature_files_once(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    with pytest.raises(Forbidden, match="待审核"):
        desk.sign(report, first, DAY)
    assert len(revisions(report)) == 1


def submitting(desk: Desk, report_id: int, obligation_id: int) -> Act:
    def act() -> Iterator[None]:
        report, found = db.session.get_one(Report, report_id), queries.obligation(obligation_id)
        assert found is not None
        asked = queries.asked_of(found)
        yield
        filing.submit(report, asked, by(desk.cast.filer, DAY))

    return act


def signing(desk: Desk, report_id: int, obligation_id: int) -> Act:
    def act() -> Iterator[None]:
        report = db.session.get_one(Report, report_id)
        found = db.session.get_one(Obligation, obligation_id)
        yield
        filing.sign(report, found, by(desk.cast.signer, DAY), WORKDAYS)

    return act


def moves(event: str) -> int:
    query = select(func.count()).select_from(ReportMove).where(ReportMove.event == event)
    return db.session.scalar(query) or 0


def test_two_submissions_at_the_same_moment_submit_once(alone: Desk) -> None:
    first = owed(task_of(TAX))
    report = alone.draft(first, DAY)
    act = submitting(alone, report.id, first.id)
    told = [error for error in at_once(alone.app, act, act) if error is not None]
    assert [type(error) for error in told] == [Forbidden]
    assert moves("submit") == 1


def test_two_signatures_at_the_same_moment_file_once(alone: Desk) -> None:
    first = owed(task_of(TAX))
    report = alone.submit(first, DAY)
    act = signing(alone, report.id, first.id)
    told = [error for error in at_once(alone.app, act, act) if error is not None]
    assert [type(error) for error in told] == [Forbidden]
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1
    assert differences() == 0


def test_nobody_signs_what_they_submitted(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    with pytest.raises(Forbidden, match="须由另一位审签人审签"):
        filing.sign(report, first, by(desk.cast.filer, DAY), WORKDAYS)
    assert report.state == "signing"


def test_a_unit_of_one_signs_its_own_where_that_is_allowed(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    filer = by(desk.cast.filer, DAY)
    revision = filing.sign(report, first, filer, WORKDAYS, may_sign_own=True)
    assert revision.filed_by == revision.signed_by == desk.cast.filer


def test_the_signer_sends_it_back_inside_the_unit_with_words(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    filing.send_back(report, by(desk.cast.signer, DAY), note="请补充数字。")
    assert (report.state, report.remark) == ("sent_back", "请补充数字。")
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)


@pytest.mark.parametrize("note", ["", "字" * 1_001, "请\x00改"])
def test_sent_back_without_fit_words_is_refused(desk: Desk, first: Obligation, note: str) -> None:
    report = desk.submit(first, DAY)
    with pytest.raises(Forbidden, match="退回修改的意见"):
        filing.send_back(report, by(desk.cast.signer, DAY), note=note)


def test_the_filer_takes_back_what_is_not_signed_yet(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    filing.take_back(report, by(desk.cast.filer, DAY))
    assert report.state == "sent_back"


def test_it_is_withdrawn_before_review_begins(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    report = desk.withdraw(first, DAY)
    assert (report.state, first.status) == ("sent_back", DUE)


def test_it_is_not_withdrawn_once_review_has_begun(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    reviewing.begin(report, by(desk.cast.reviewer, DAY))
    with pytest.raises(Forbidden, match="已开始审核，不能撤回"):
        desk.withdraw(first, DAY)
    assert first.status == FILED


def test_withdrawn_and_filed_again_it_has_two_revisions(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    desk.withdraw(first, DAY)
    report = desk.file(first, LATER)
    assert [revision.number for revision in revisions(report)] == [1, 2]
    assert first.first_filed_on == LATER


def test_a_correction_after_acceptance_is_the_next_revision_and_is_reviewed_again(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.accept(first, DAY)
    desk.amend(first, LATER)
    better = replace(BODY, percent="60")
    report = desk.file(first, LATER, better)
    assert [(r.number, r.percent) for r in revisions(report)] == [(1, 40), (2, 60)]
    assert (first.status, first.awaited_by, first.first_filed_on) == (FILED, None, DAY)
    desk.accept(first, LATER)
    assert first.status == ACCEPTED


def test_while_it_is_being_put_right_what_was_accepted_stands(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.accept(first, DAY)
    report = desk.amend(first, LATER)
    assert (report.state, first.status, first.awaited_by) == ("correcting", ACCEPTED, None)


def test_only_what_was_accepted_is_put_right(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    with pytest.raises(Forbidden, match="不能更正"):
        desk.amend(first, DAY)


def recorded(desk: Desk, owed: Obligation, received_on: date, day: date) -> Revision:
    report = desk.draft(owed, day, who=desk.cast.reviewer)
    evidence.back(report, [desk.upload(PDF, "扫描件.pdf")])
    who = by(desk.cast.reviewer, day)
    asked = queries.asked_of(owed)
    return filing.record(report, owed, asked, who, WORKDAYS, received_on=received_on)


def test_a_recorded_paper_report_counts_from_the_day_it_was_received(
    desk: Desk, first: Obligation
) -> None:
    revision = recorded(desk, first, Q1_DUE, date(2026, 4, 20))
    assert revision.received_on == first.first_filed_on == Q1_DUE
    assert not first.is_late
    assert [item.name for item in evidence.of_revision(revision.id)] == ["扫描件.pdf"]


def test_a_recorded_paper_report_received_late_is_late(desk: Desk, first: Obligation) -> None:
    recorded(desk, first, Q1_DUE + timedelta(days=1), date(2026, 4, 20))
    assert first.is_late


def test_a_second_person_reviews_what_was_recorded(desk: Desk, first: Obligation) -> None:
    recorded(desk, first, DAY, DAY)
    with pytest.raises(Forbidden, match="代录，须由其他审核人审核"):
        desk.accept(first, LATER)
    reviewing.accept(desk.report(first), first, by(desk.cast.chief, LATER))
    assert first.status == ACCEPTED


@pytest.mark.parametrize("received_on", [date(2026, 4, 2), date(2025, 12, 31)])
def test_a_paper_report_comes_between_the_opening_and_today(
    desk: Desk, first: Obligation, received_on: date
) -> None:
    with pytest.raises(Incomplete) as incomplete:
        recorded(desk, first, received_on, DAY)
    assert [mistake.field for mistake in incomplete.value.mistakes] == ["received_on"]


def test_a_paper_report_needs_its_scan(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY, who=desk.cast.reviewer)
    who, asked = by(desk.cast.reviewer, DAY), queries.asked_of(first)
    with pytest.raises(Incomplete) as incomplete:
        filing.record(report, first, asked, who, WORKDAYS, received_on=DAY)
    assert [mistake.field for mistake in incomplete.value.mistakes] == ["evidence"]


def test_what_a_unit_has_sent_to_its_signer_is_not_recorded_over(
    desk: Desk, first: Obligation
) -> None:
    report = desk.submit(first, DAY)
    who, asked = by(desk.cast.reviewer, DAY), queries.asked_of(first)
    with pytest.raises(Forbidden, match="不能代录"):
        filing.record(report, first, asked, who, WORKDAYS, received_on=DAY)


def test_a_machine_files_nothing(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    nobody = By(person_id=None, at=by(1, DAY).at)
    with pytest.raises(Forbidden, match="具体人员"):
        filing.submit(report, queries.asked_of(first), nobody)
    assert report.state == "draft"


def quarters(desk: Desk) -> list[Obligation]:
    open_on(date(2026, 10, 1))
    return [owed(task_of(TAX), period=f"2026-Q{n}") for n in (1, 2, 3, 4)]


def test_no_change_is_taken_twice_running_and_not_a_third_time(desk: Desk) -> None:
    one, two, three, four = quarters(desk)
    desk.file(one, DAY)
    desk.file(two, date(2026, 7, 2), UNCHANGED)
    desk.file(three, date(2026, 10, 9), UNCHANGED)
    with pytest.raises(Incomplete) as incomplete:
        desk.file(four, date(2026, 12, 31), UNCHANGED)
    assert "最多连续填报2次" in incomplete.value.mistakes[0].message


def test_after_words_no_change_may_be_said_again(desk: Desk) -> None:
    one, two, three, four = quarters(desk)
    desk.file(one, DAY)
    desk.file(two, date(2026, 7, 2), UNCHANGED)
    desk.file(three, date(2026, 10, 9))
    desk.file(four, date(2026, 12, 31), UNCHANGED)
    assert four.status == FILED


def test_a_first_report_is_never_no_change(desk: Desk, first: Obligation) -> None:
    with pytest.raises(Incomplete) as incomplete:
        desk.file(first, DAY, UNCHANGED)
    assert "首次填报" in incomplete.value.mistakes[0].message


def test_periods_are_told_apart_by_time_when_the_cadence_changed(desk: Desk) -> None:
    calendar = calendar_of(EIGHTH, "lead")
    chief = by(desk.cast.chief, DAY)
    scheduling.change(calendar, chief, WORKDAYS, cadence="month", due_workdays=10)
    open_on(date(2026, 4, 1))
    desk.file(owed(task_of(TAX)), DAY)
    april = owed(task_of(TAX), period="2026-M04")
    before = queries.body_before(april)
    assert before is not None
    assert not queries.asked_of(april).is_first


def test_last_periods_text_is_offered(desk: Desk) -> None:
    one, two, *_ = quarters(desk)
    assert queries.body_before(one) is None
    desk.file(one, DAY)
    before = queries.body_before(two)
    assert before is not None
    assert before.progress == WORDS


def test_rejecting_is_filed_for_what_may_be_adopted_with_reasons(desk: Desk) -> None:
    may = owed(task_of(TAX, OLD, adoption="借鉴"))
    body = replace(BODY, stage="rejected", reasons="本省情况不同，暂不具备条件。")
    desk.file(may, DAY, body)
    assert may.status == FILED


def test_rejecting_is_not_filed_for_what_must_be_adopted(desk: Desk, first: Obligation) -> None:
    body = replace(BODY, stage="rejected", reasons="本省情况不同，暂不具备条件。")
    with pytest.raises(Incomplete) as incomplete:
        desk.file(first, DAY, body)
    assert [mistake.field for mistake in incomplete.value.mistakes] == ["stage"]


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_in_a_reports_table_is_refused_with_a_sentence(state: str) -> None:
    for event in EVENTS:
        if (state, event) in TRANSITIONS:
            assert after(state, event) in STATES
            continue
        with pytest.raises(Forbidden, match=f"“{STATES[state]}”，不能{EVENTS[event]}，.*。"):
            after(state, event)
