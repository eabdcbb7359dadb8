"""What the office should know because numbers may be wrong or messages may not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A sentence, and the page on which it is put right."""

    sentence: str
    endpoint: str = ""
    action: str = ""
    words: str = ""


def alarms(day: date, workdays: Workdays) -> Sequence[Alarm]:
    return _holidays(day, workdays)


def _holidays(day: date, workdays: Workdays) -> list[Alarm]:
    """The years that due days of now fall in."""
    return [
        Alarm(
            sentence=f"{year}年放假安排未公布，应报日期暂按周末推算，公布后自动重算。",
            endpoint="holidays.index",
            action="keep holidays",
            words="录入放假安排",
        )
        for year in (day.year, day.year + 1)
        if not workdays.knows(year)
    ]
