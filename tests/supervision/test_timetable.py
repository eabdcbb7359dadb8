"""The days of the slots: one in each period, on its first workday."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.supervision.timetable import (
    DAILY,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    WORKDAILY,
    first_workday_of_week,
    next_slot,
    slots,
)
from tracker.workdays import Schedule, Workdays

KNOWN = Workdays()


def days(rhythm: str, after: date, until: date, workdays: Workdays = KNOWN) -> list[str]:
    return [f"{day:%m-%d}" for day in slots(rhythm, after=after, until=until, workdays=workdays)]


@pytest.mark.parametrize(
    ("rhythm", "wanted"),
    [
        (DAILY, ["05-01", "05-02", "05-03", "05-04", "05-05", "05-06", "05-07"]),
        (WORKDAILY, ["05-06", "05-07"]),
        (WEEKLY, ["05-06"]),
        (MONTHLY, ["05-06"]),
        (QUARTERLY, []),
    ],
)
def test_a_slot_falls_on_the_first_workday_of_its_period(rhythm: str, wanted: list[str]) -> None:
    """1 to 5 May 2026 are free; the week begins on Monday, 4 May."""
    assert days(rhythm, date(2026, 4, 30), date(2026, 5, 7)) == wanted


def test_every_period_of_a_year_has_one_slot() -> None:
    year = (date(2025, 12, 31), date(2026, 12, 31))
    assert days(QUARTERLY, *year) == ["01-04", "04-01", "07-01", "10-08"]
    assert len(days(MONTHLY, *year)) == 12
    weekly = slots(WEEKLY, after=year[0], until=year[1], workdays=KNOWN)
    assert len({day.isocalendar()[:2] for day in weekly}) == len(weekly)


def test_a_week_without_a_workday_has_no_slot() -> None:
    """1 to 7 October 2026 are free, with the week's 10 October worked."""
    free = frozenset(date(2027, 10, day) for day in range(1, 11))
    known = Workdays({2027: Schedule(free=free, worked=frozenset())})
    assert days(WEEKLY, date(2027, 9, 27), date(2027, 10, 12), known) == ["10-11"]
    assert first_workday_of_week(date(2027, 10, 6), known) == date(2027, 10, 11)


def test_a_schedule_published_late_gives_no_second_slot_in_a_period() -> None:
    """Run on Monday by the estimate; then Monday turns out to be free."""
    free = frozenset({date(2027, 6, 7)})
    known = Workdays({2027: Schedule(free=free, worked=frozenset())})
    assert days(WEEKLY, date(2027, 6, 7), date(2027, 6, 13), known) == []


def test_a_year_without_a_published_schedule_goes_by_weekends_and_fixed_holidays() -> None:
    assert not KNOWN.knows(2031)
    assert days(WEEKLY, date(2031, 9, 28), date(2031, 10, 6)) == ["09-29", "10-06"]
    assert next_slot(QUARTERLY, after=date(2031, 9, 28), workdays=KNOWN) == date(2031, 10, 6)
