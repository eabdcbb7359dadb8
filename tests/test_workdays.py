"""Workdays are the State's: holidays, 调休 days, and a year that is not published yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from tracker.workdays import ESTIMATED, FIXED, PUBLISHED_YEARS, Schedule, Workdays

STATE = Workdays()
YEAR_2027 = Schedule(
    free=frozenset({date(2027, 1, 1), date(2027, 2, 8)}), worked=frozenset({date(2027, 1, 30)})
)
UPLOADED = Workdays({2027: YEAR_2027})
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    "day",
    [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    ids=lambda day: f"2026-{day[0]:02}-{day[1]:02}",
)
def test_a_weekend_day_of_made_up_time_in_2026_is_a_workday(day: tuple[int, int]) -> None:
    worked = date(2026, *day)
    assert worked.weekday() >= 5
    assert STATE.is_workday(worked)


def test_no_other_weekend_day_of_2026_is_a_workday() -> None:
    year = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert sum(day.weekday() >= 5 and STATE.is_workday(day) for day in year) == 6


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 2, 17), date(2026, 10, 1)])
def test_a_holiday_in_the_week_is_no_workday(day: date) -> None:
    assert day.weekday() < 5
    assert not STATE.is_workday(day)


def test_a_published_year_carries_no_remark() -> None:
    assert STATE.knows(2026)
    assert STATE.remark(2026) == ""


def test_a_year_not_yet_published_is_said_to_be_estimated() -> None:
    assert not STATE.knows(2027)
    assert (
        STATE.remark(2027)
        == ESTIMATED
        == "该年度放假安排未公布，暂按周末和日期固定的法定节假日推算"
    )


def test_a_year_not_yet_published_is_estimated_from_weekends_and_what_is_fixed_by_date() -> None:
    year = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    free = [day for day in year if day.weekday() < 5 and not STATE.is_workday(day)]
    # 2 May, 2 and 3 October 2027 lie on a weekend.
    assert free == [date(2027, 1, 1), date(2027, 10, 1)]
    assert not any(STATE.is_workday(day) for day in year if day.weekday() >= 5)


@pytest.mark.parametrize("year", sorted(year for year in PUBLISHED_YEARS if year >= 2025))
def test_what_is_fixed_by_date_is_free_in_every_published_year(year: int) -> None:
    """The two days of 劳动节 are since 2025."""
    assert not any(STATE.is_workday(date(year, *day)) for day in FIXED)


def test_the_first_slot_of_an_unpublished_year_is_not_its_first_day() -> None:
    assert STATE.on_or_after(date(2027, 1, 1)) == date(2027, 1, 4)


def test_a_year_counts_as_published_only_when_all_of_it_is() -> None:
    assert max(PUBLISHED_YEARS) == 2026
    assert not STATE.knows(max(PUBLISHED_YEARS) + 1)


def test_an_uploaded_schedule_is_known_and_no_estimate() -> None:
    assert UPLOADED.knows(2027)
    assert UPLOADED.remark(2027) == ""
    assert not UPLOADED.knows(2028)


def test_an_uploaded_schedule_says_which_days_are_free_and_which_are_worked() -> None:
    assert not UPLOADED.is_workday(date(2027, 2, 8))
    assert UPLOADED.is_workday(date(2027, 1, 30))
    assert UPLOADED.is_workday(date(2027, 2, 9))
    assert not UPLOADED.is_workday(date(2027, 2, 6))


def test_an_uploaded_schedule_wins_over_the_package() -> None:
    changed = Workdays({2026: Schedule(free=frozenset({date(2026, 3, 2)}), worked=frozenset())})
    assert not changed.is_workday(date(2026, 3, 2))
    assert not changed.is_workday(date(2026, 1, 4))


def test_a_report_is_due_on_the_tenth_workday_after_its_period() -> None:
    assert STATE.after(date(2026, 3, 31), 10) == date(2026, 4, 15)
    assert STATE.after(date(2026, 9, 30), 10) == date(2026, 10, 20)


def test_a_due_day_over_the_turn_of_the_year_jumps_over_new_years_holidays() -> None:
    assert STATE.after(date(2025, 12, 31), 1) == date(2026, 1, 4)


def test_workdays_between_two_days_leave_out_the_first_and_count_the_last() -> None:
    assert STATE.between(date(2026, 4, 1), date(2026, 4, 2)) == 1
    assert STATE.between(date(2026, 4, 3), date(2026, 4, 6)) == 0
    assert STATE.between(date(2026, 4, 2), date(2026, 4, 1)) == 0


def test_on_or_after_keeps_a_workday_and_leaves_a_holiday() -> None:
    assert STATE.on_or_after(date(2026, 4, 3)) == date(2026, 4, 3)
    assert STATE.on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)


@given(DAYS, COUNTS)
def test_the_nth_workday_after_a_day_has_n_workdays_between(day: date, count: int) -> None:
    assert STATE.between(day, STATE.after(day, count)) == count


@given(DAYS, st.integers(1, 60))
def test_the_nth_workday_after_a_day_is_a_workday(day: date, count: int) -> None:
    assert STATE.is_workday(STATE.after(day, count))


@given(DAYS, COUNTS, COUNTS)
def test_workdays_add_up(day: date, one: int, other: int) -> None:
    assert STATE.after(STATE.after(day, one), other) == STATE.after(day, one + other)
