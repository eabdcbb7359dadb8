"""The State's workdays: holidays and 调休 days. A year not yet published is said to be so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays as published_holidays

SATURDAY = 5
ROUGHLY = "暂按周末和日期固定的法定节假日推算"
ESTIMATED = f"该年度放假安排未公布，{ROUGHLY}"
# 元旦, 劳动节 and 国庆节: free by date whatever a year's schedule adds to them, so that they hold
# before it is published. The other festivals go by the moon and the sun: nobody guesses them here.
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
# A year's first days may be published with the year before: the whole year has a National Day.
PUBLISHED_YEARS = frozenset(
    day.year for day in published_holidays if (day.month, day.day) == (10, 1)
)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One year's schedule as the office uploads it: free weekdays, and weekends that are worked."""

    free: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class Workdays:
    """Uploaded schedules first, then the maintained package, then weekends and what is FIXED."""

    uploaded: Mapping[int, Schedule] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(frozenset(self.uploaded.items()))

    def knows(self, year: int) -> bool:
        """Whether the State's schedule for this year is known, or only estimated."""
        return year in self.uploaded or year in PUBLISHED_YEARS

    def remark(self, year: int) -> str:
        return "" if self.knows(year) else ESTIMATED

    def is_workday(self, day: date) -> bool:
        return _is_workday(day, self.uploaded.get(day.year))

    def after(self, day: date, count: int) -> date:
        """The count-th workday after a day."""
        if count <= 0:
            return day
        year = day.year
        days = _workdays_in(year, self.uploaded.get(year))
        count += bisect_right(days, day)
        while count > len(days):
            count, year = count - len(days), year + 1
            days = _workdays_in(year, self.uploaded.get(year))
        return days[count - 1]

    def on_or_after(self, day: date) -> date:
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def between(self, earlier: date, later: date) -> int:
        """How many workdays lie after one day, up to and with the other."""
        years = range(earlier.year, later.year + 1)
        days = (_workdays_in(year, self.uploaded.get(year)) for year in years)
        return sum(max(bisect_right(own, later) - bisect_right(own, earlier), 0) for own in days)


def _is_workday(day: date, schedule: Schedule | None) -> bool:
    if schedule:
        return day in schedule.worked or (_is_weekday(day) and day not in schedule.free)
    if day.year in PUBLISHED_YEARS:
        return bool(chinese_calendar.is_workday(day))
    return _is_weekday(day) and (day.month, day.day) not in FIXED


@lru_cache(maxsize=64)
def _workdays_in(year: int, schedule: Schedule | None) -> Sequence[date]:
    """A year's workdays in order: what lies between two days is counted without walking there."""
    first = date(year, 1, 1).toordinal()
    days = map(date.fromordinal, range(first, date(year + 1, 1, 1).toordinal()))
    return [day for day in days if _is_workday(day, schedule)]


def _is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY
