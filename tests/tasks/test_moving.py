"""What moves a day, and what does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.cast import (
    BANK_NOW,
    BODY,
    MARITIME,
    OFFICE,
    Q1_DUE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    moment,
    open_on,
    owed,
    task_of,
    unit,
)
from tracker.db import db
from tracker.reports import filing
from tracker.reports.queries import asked_of
from tracker.tasks import moving, states
from tracker.tasks.models import Move, Obligation, Tally
from tracker.tasks.states import ACCEPTED, DISPUTED, DUE, FILED, RETURNED, UNASSIGNED, Forbidden

IN_TIME, AFTER_DUE = date(2026, 4, 10), date(2026, 4, 16)
CORRECTION = date(2026, 5, 20)


def counts(owed: Obligation) -> dict[str, int]:
    """The tally of the unit's other reports taken off: what this one obligation adds."""
    names = ("expected", "filed_on_time", "filed_late", "accepted", "returned", "waived")
    columns = [getattr(Tally, name) for name in names]
    row = db.session.execute(
        select(*columns).where(
            Tally.unit_id == owed.unit_id,
            Tally.notice_id == owed.notice_id,
            Tally.period == owed.period,
            Tally.role == owed.role,
        )
    ).one()
    return {name: count for name, count in zip(names, row, strict=True) if name != "expected"}


def counted(**expected: int) -> dict[str, int]:
    names = ("filed_on_time", "filed_late", "accepted", "returned", "waived")
    return dict.fromkeys(names, 0) | expected


def history(owed: Obligation) -> list[tuple[str, date | None]]:
    query = select(Move.event, Move.awaited_by).where(Move.obligation_id == owed.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Move.id))]


def test_a_draft_never_clears_overdue(desk: Desk, first: Obligation) -> None:
    desk.draft(first, AFTER_DUE)
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)
    assert first.awaited_by < AFTER_DUE


def test_waiting_for_a_signature_never_moves_the_day(desk: Desk, first: Obligation) -> None:
    desk.submit(first, IN_TIME)
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)


def test_when_it_is_filed_nothing_is_awaited(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    assert (first.status, first.awaited_by) == (FILED, None)
    assert counts(first) == counted(filed_on_time=1)


def test_filed_on_the_due_day_is_on_time(desk: Desk, first: Obligation) -> None:
    desk.file(first, Q1_DUE)
    assert not first.is_late


def test_filed_the_day_after_is_late(desk: Desk, first: Obligation) -> None:
    desk.file(first, AFTER_DUE)
    assert first.is_late
    assert counts(first) == counted(filed_late=1)


def test_late_is_always_accepted_and_marked(desk: Desk, first: Obligation) -> None:
    desk.file(first, date(2029, 1, 8))
    desk.accept(first, date(2029, 1, 9))
    assert first.status == ACCEPTED
    assert first.is_late


def test_filed_means_signed_and_sent_not_submitted(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, Q1_DUE)
    desk.sign(report, first, AFTER_DUE)
    assert (first.first_filed_on, first.is_late) == (AFTER_DUE, True)


def test_a_returned_report_is_awaited_by_the_correction_day_where_that_is_later(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    assert (first.status, first.awaited_by) == (RETURNED, CORRECTION)


def test_a_returned_report_is_awaited_by_its_due_day_where_that_is_later(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, date(2026, 4, 1))
    desk.send_back(first, date(2026, 4, 2), date(2026, 4, 7))
    assert first.awaited_by == Q1_DUE


def test_a_returned_report_is_overdue_again_after_the_correction_day(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    desk.draft(first, CORRECTION + timedelta(days=1))
    assert first.awaited_by == CORRECTION


def test_filed_on_time_stays_on_time_when_it_is_put_right_after_the_due_day(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    desk.file(first, date(2026, 5, 6))
    assert (first.first_filed_on, first.is_late) == (IN_TIME, False)


def test_withdrawn_is_awaited_again_by_its_own_day(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    desk.withdraw(first, IN_TIME)
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)
    assert first.first_filed_on is None
    assert counts(first) == counted()


def test_withdrawn_after_a_return_is_awaited_by_the_correction_day(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    desk.file(first, date(2026, 5, 6))
    desk.withdraw(first, date(2026, 5, 6))
    assert (first.status, first.awaited_by) == (RETURNED, CORRECTION)
    assert first.first_filed_on == IN_TIME


def test_a_withdrawn_correction_leaves_the_report_accepted(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    desk.accept(first, date(2026, 4, 13))
    desk.amend(first, date(2026, 6, 1))
    desk.file(first, date(2026, 6, 1))
    desk.withdraw(first, date(2026, 6, 2))
    assert (first.status, first.awaited_by) == (ACCEPTED, None)
    assert first.first_filed_on == IN_TIME


def test_reopened_and_withdrawn_is_awaited_by_the_day_of_its_reopening(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    chief = by(desk.cast.chief, date(2026, 5, 6))
    moving.waive(first, chief, note="-")
    moving.reopen(first, chief, day=date(2026, 8, 3), note="-")
    desk.file(first, date(2026, 7, 1))
    desk.withdraw(first, date(2026, 7, 1))
    assert (first.status, first.awaited_by) == (DUE, date(2026, 8, 3))
    assert first.first_filed_on == IN_TIME


def test_accepted_late_stays_late_in_every_count(desk: Desk, first: Obligation) -> None:
    desk.file(first, AFTER_DUE)
    desk.accept(first, date(2026, 4, 17))
    assert counts(first) == counted(filed_late=1, accepted=1)


def test_late_stays_late_through_a_return_and_a_correction(desk: Desk, first: Obligation) -> None:
    desk.file(first, AFTER_DUE)
    desk.send_back(first, date(2026, 4, 17), CORRECTION)
    assert counts(first) == counted(filed_late=1, returned=1)
    desk.file(first, date(2026, 4, 20))
    desk.accept(first, date(2026, 4, 21))
    desk.amend(first, date(2026, 4, 22))
    desk.file(first, date(2026, 4, 22))
    desk.accept(first, date(2026, 4, 23))
    assert first.first_filed_on == AFTER_DUE
    assert counts(first) == counted(filed_late=1, accepted=1)


def test_a_report_filed_after_the_next_period_opened_counts_for_its_own_period(
    desk: Desk, first: Obligation
) -> None:
    open_on(date(2026, 4, 1))
    second = owed(task_of(TAX), period="2026-Q2")
    desk.file(first, date(2026, 5, 6))
    assert counts(first) == counted(filed_late=1)
    assert counts(second) == counted()
    assert (second.status, second.awaited_by) == (DUE, second.due_on)


def test_an_extension_moves_the_day_and_keeps_the_issued_one(desk: Desk, first: Obligation) -> None:
    day = date(2026, 4, 30)
    moving.extend(first, by(desk.cast.chief, IN_TIME), day=day, note="数据口径调整")
    assert (first.due_on, first.extended_to, first.awaited_by) == (Q1_DUE, day, day)


def test_filed_by_the_extended_day_is_on_time(desk: Desk, first: Obligation) -> None:
    moving.extend(first, by(desk.cast.chief, IN_TIME), day=date(2026, 4, 30), note="-")
    desk.file(first, date(2026, 4, 30))
    assert not first.is_late


def test_overdue_days_before_an_extension_stay_in_history(desk: Desk, first: Obligation) -> None:
    moving.extend(first, by(desk.cast.chief, date(2026, 4, 20)), day=date(2026, 4, 30), note="-")
    assert history(first) == [("opened", Q1_DUE), ("extend", date(2026, 4, 30))]


def test_an_extension_of_a_returned_report_moves_its_correction_day(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    moving.extend(first, by(desk.cast.chief, IN_TIME), day=date(2026, 6, 1), note="-")
    assert (first.awaited_by, first.due_on, first.extended_to) == (date(2026, 6, 1), Q1_DUE, None)


@pytest.mark.parametrize("day", [Q1_DUE, date(2026, 4, 1)])
def test_an_extension_never_brings_the_day_nearer(desk: Desk, first: Obligation, day: date) -> None:
    with pytest.raises(Forbidden, match="延期后的日期须晚于原定日期。"):
        moving.extend(first, by(desk.cast.chief, IN_TIME), day=day, note="-")


def test_a_dispute_stops_the_clock_where_it_is_not_overdue(desk: Desk, first: Obligation) -> None:
    moving.dispute(first, by(desk.cast.signer, IN_TIME), note="不属本单位职责")
    assert (first.status, first.awaited_by) == (DISPUTED, None)


def test_a_dispute_on_the_due_day_itself_stops_the_clock(desk: Desk, first: Obligation) -> None:
    moving.dispute(first, by(desk.cast.signer, Q1_DUE), note="-")
    assert first.awaited_by is None


def test_a_dispute_after_the_day_stops_nothing(desk: Desk, first: Obligation) -> None:
    moving.dispute(first, by(desk.cast.signer, AFTER_DUE), note="-")
    assert (first.status, first.awaited_by) == (DISPUTED, Q1_DUE)
    moving.resume(first, by(desk.cast.chief, date(2026, 5, 6)), workdays=WORKDAYS, note="-")
    assert (first.status, first.awaited_by) == (DUE, Q1_DUE)


def test_a_ruled_dispute_resumes_with_the_workdays_that_were_left(
    desk: Desk, first: Obligation
) -> None:
    moving.dispute(first, by(desk.cast.signer, IN_TIME), note="-")
    assert WORKDAYS.between(IN_TIME, Q1_DUE) == 3
    moving.resume(first, by(desk.cast.chief, date(2026, 6, 1)), workdays=WORKDAYS, note="-")
    assert (first.status, first.awaited_by, first.due_on) == (DUE, date(2026, 6, 4), Q1_DUE)


def test_a_dispute_never_brings_the_day_nearer(desk: Desk, first: Obligation) -> None:
    saturday = date(2026, 4, 18)
    moving.extend(first, by(desk.cast.chief, IN_TIME), day=saturday, note="-")
    moving.dispute(first, by(desk.cast.signer, date(2026, 4, 17)), note="-")
    moving.resume(first, by(desk.cast.chief, date(2026, 4, 17)), workdays=WORKDAYS, note="-")
    assert first.awaited_by == saturday


def test_nothing_is_filed_while_it_is_disputed(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, IN_TIME)
    moving.dispute(first, by(desk.cast.signer, IN_TIME), note="-")
    with pytest.raises(Forbidden, match="归属待定"):
        desk.sign(report, first, IN_TIME)
    assert (report.state, report.revision) == ("signing", 0)


def test_after_a_hand_over_the_heir_owes_it_by_the_same_day(desk: Desk, first: Obligation) -> None:
    heir = unit(BANK_NOW).id
    moving.hand_over(first, by(desk.cast.chief, IN_TIME), unit_id=heir, note="-")
    assert (first.unit_id, first.status, first.awaited_by) == (heir, DUE, Q1_DUE)


def test_a_hand_over_in_doubt_is_held_by_the_office(desk: Desk, first: Obligation) -> None:
    office, chief = unit(OFFICE).id, by(desk.cast.chief, IN_TIME)
    moving.hand_over(first, chief, unit_id=office, note="-", is_certain=False)
    assert (first.unit_id, first.status, first.awaited_by) == (office, UNASSIGNED, None)


def test_after_a_hand_over_the_old_unit_can_no_longer_send_its_draft(
    desk: Desk, first: Obligation
) -> None:
    report = desk.submit(first, IN_TIME)
    chief = by(desk.cast.chief, IN_TIME)
    moving.hand_over(first, chief, unit_id=unit(MARITIME).id, note="-")
    with pytest.raises(Forbidden, match="已由其他单位承接"):
        desk.sign(report, first, IN_TIME)


def test_after_a_hand_over_the_heir_goes_on_with_the_draft(desk: Desk, first: Obligation) -> None:
    desk.draft(first, IN_TIME)
    heir = unit(MARITIME).id
    moving.hand_over(first, by(desk.cast.chief, IN_TIME), unit_id=heir, note="-")
    report = desk.draft(first, AFTER_DUE, who=desk.cast.maritime)
    filing.submit(report, asked_of(first), by(desk.cast.maritime, AFTER_DUE))
    assert report.unit_id == heir


def test_an_ended_obligation_is_awaited_no_more(desk: Desk, first: Obligation) -> None:
    moving.end(first, by(desk.cast.chief, AFTER_DUE), note="任务终止")
    assert (first.status, first.awaited_by) == (states.OVER, None)
    assert counts(first) == counted()


def test_every_move_is_written_down_with_what_held_after_it(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), CORRECTION)
    desk.file(first, CORRECTION, BODY)
    assert history(first) == [
        ("opened", Q1_DUE),
        ("file", None),
        ("return", CORRECTION),
        ("file", None),
    ]


def test_a_day_is_a_day_in_shanghai(desk: Desk, first: Obligation) -> None:
    late_evening = moving.By(person_id=desk.cast.signer, at=moment(Q1_DUE, 23))
    moving.file(first, late_evening)
    assert first.first_filed_on == Q1_DUE
