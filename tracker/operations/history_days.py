"""Workdays as a row, so that "five workdays later" is one look-up; office hours. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from tracker.clock import SHANGHAI
from tracker.workdays import Workdays

MARGIN = timedelta(days=120)
HOUR = 3_600


@dataclass(frozen=True)
class Days:
    """All workdays between two days, in order."""

    row: tuple[date, ...]

    @staticmethod
    def between(first: date, last: date, workdays: Workdays) -> Days:
        """With a margin on both sides: hearings begin before and corrections end after."""
        start, end = first - MARGIN, last + MARGIN
        span = (start + timedelta(days=offset) for offset in range((end - start).days + 1))
        return Days(tuple(day for day in span if workdays.is_workday(day)))

    def plus(self, day: date, count: int) -> date:
        """The count-th workday after a day; none is the day itself or the last before it."""
        index = bisect_right(self.row, day) - 1 + count
        return self.row[min(max(index, 0), len(self.row) - 1)]


def moment(day: date, hour: int, chance: Random) -> datetime:
    """Some moment within an hour of a Shanghai day, as the clock keeps it: in UTC."""
    seconds = hour * HOUR + int(chance.random() * HOUR)
    return midnight(day) + timedelta(seconds=seconds)


@cache
def midnight(day: date) -> datetime:
    """The first moment of a Shanghai day."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)


def chance_of(*keys: object) -> Random:
    """The same keys always give the same chances, on every machine and in every process."""
    return Random("|".join(map(str, keys)))  # noqa: S311 made-up history, nothing secret
