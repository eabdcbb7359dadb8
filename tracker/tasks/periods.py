"""Reporting periods: month, quarter, half-year, year. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.tasks.states import CONFIRMATION, KINDS

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
CADENCES = {MONTH: "每月", QUARTER: "每季度", HALF: "每半年", YEAR: "每年"}
DECEMBER = 12


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of time that one report is about. The key sorts as the period does."""

    key: str
    label: str
    starts: date
    ends: date

    @property
    def closes_a_year(self) -> bool:
        return self.ends.month == DECEMBER


def period_of(cadence: str, day: date) -> Period:
    """The period in which a day falls."""
    months = MONTHS[cadence]
    number = (day.month - 1) // months + 1
    starts = date(day.year, (number - 1) * months + 1, 1)
    return Period(
        key=_key(cadence, day.year, number),
        label=_label(cadence, day.year, number),
        starts=starts,
        ends=_next_start(starts, months) - timedelta(days=1),
    )


def following(cadence: str, period: Period) -> Period:
    return period_of(cadence, period.ends + timedelta(days=1))


def first_period(cadence: str, tracked_from: date) -> Period:
    """The first period that starts on or after the day tracking starts."""
    period = period_of(cadence, tracked_from)
    return period if period.starts == tracked_from else following(cadence, period)


def periods(cadence: str, tracked_from: date, until: date) -> Iterator[Period]:
    """Every period that has started by a day, the first first."""
    period = first_period(cadence, tracked_from)
    while period.starts <= until:
        yield period
        period = following(cadence, period)


@lru_cache(maxsize=512)
def period_named(key: str) -> Period:
    """A period by its key: 2026-Q4, 2026-M03, 2026-H1 or 2026."""
    year, _, rest = key.partition("-")
    cadence = cadence_of(key)
    number = int(rest.removeprefix(_LETTERS[cadence]) or 1)
    return period_of(cadence, date(int(year), (number - 1) * MONTHS[cadence] + 1, 1))


def cadence_of(key: str) -> str:
    rest = key.partition("-")[2]
    return next(cadence for cadence, letter in _LETTERS.items() if rest.startswith(letter))


def labels_of(keys: Iterable[str]) -> str:
    """Several periods in one breath: a year is said once for those that follow in it."""
    found = sorted({period_named(key) for key in keys}, key=lambda one: (one.starts, one.ends))
    words, year = list[str](), ""
    for period in found:
        own = f"{period.starts.year}年"
        words.append(period.label.removeprefix(own) if own == year else period.label)
        year = own
    return "、".join(words)


def label_of(key: str) -> str:
    """A period's name by its key; nothing for what is owed once."""
    return period_named(key).label if key else ""


def owed_name(key: str, kind: str) -> str:
    """What is owed for a period, in words: a year's confirmation names its year once."""
    label = label_of(key)
    return f"{label.removesuffix('年度') if kind == CONFIRMATION else label}{KINDS[kind]}"


def within(key: str) -> list[str]:
    """The keys of every period that lies in one: of a half-year itself, its quarters and months."""
    whole = period_named(key)
    found = []
    for cadence in CADENCES:
        period = period_of(cadence, whole.starts)
        while period.starts >= whole.starts and period.ends <= whole.ends:
            found.append(period.key)
            period = following(cadence, period)
    return found


_LETTERS = {MONTH: "M", QUARTER: "Q", HALF: "H", YEAR: ""}
_HALVES = {1: "上半年", 2: "下半年"}


def _key(cadence: str, year: int, number: int) -> str:
    if cadence == YEAR:
        return f"{year}"
    return f"{year}-{_LETTERS[cadence]}{number:0{2 if cadence == MONTH else 1}d}"


def _label(cadence: str, year: int, number: int) -> str:
    if cadence == HALF:
        return f"{year}年{_HALVES[number]}"
    tail = {MONTH: f"{number}月", QUARTER: f"第{number}季度", YEAR: "度"}[cadence]
    return f"{year}年{tail}"


def _next_start(starts: date, months: int) -> date:
    month = starts.month + months
    return date(starts.year + (month - 1) // DECEMBER, (month - 1) % DECEMBER + 1, 1)
