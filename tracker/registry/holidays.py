"""放假安排: a year's days as the office hands them in, read line by line, and kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.registry.models import HolidayYear
from tracker.workdays import Schedule

FREE, WORKED = "休", "班"
SATURDAY = 5
MOST_LINES = 400
SHOWN = 30
_LINE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?[\s,，\t;；、]*([休班])?")


@dataclass(frozen=True, kw_only=True)
class WrongLine:
    """A line that cannot be read, and what to write instead."""

    number: int
    text: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a text gives: the days, or every line that is wrong."""

    schedule: Schedule
    wrong: Sequence[WrongLine]


def read(text: str, year: int) -> Read:
    """One day a line with 休 or 班; all wrong lines come at once."""
    days: dict[date, str] = {}
    wrong: list[WrongLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(" ,，\t\ufeff"):
            continue
        found = _day(line.strip(" ,，\t\ufeff"), year)
        if isinstance(found, str):
            wrong.append(WrongLine(number=number, text=line[:SHOWN], message=found))
        elif found[0] in days:
            message = "这一天前面已经写过，请删去重复的一行。"
            wrong.append(WrongLine(number=number, text=line[:SHOWN], message=message))
        else:
            days[found[0]] = found[1]
    return Read(schedule=_schedule(days), wrong=wrong)


def _schedule(days: dict[date, str]) -> Schedule:
    return Schedule(
        free=frozenset(day for day, mark in days.items() if mark == FREE),
        worked=frozenset(day for day, mark in days.items() if mark == WORKED),
    )


def _day(line: str, year: int) -> tuple[date, str] | str:
    """A line's day and mark, or the sentence that says what is wrong with it."""
    match = _LINE.fullmatch(line)
    if not match:
        return f"请写成“{year}-10-01 休”或“{year}-10-10 班”，一天一行。"
    try:
        day = date(*map(int, match.groups()[:3]))
    except ValueError:
        return "没有这一天，请核对日期。"
    if day.year != year:
        return f"不是{year}年的日期，请核对年份。"
    if match[4] is None:
        return "日期后面请写明“休”或“班”。"
    if match[4] == WORKED and day.weekday() < SATURDAY:
        return "这一天本来就是工作日，不需要写“班”。"
    return day, match[4]


def keep(year: int, schedule: Schedule, *, source: str) -> None:
    """Keep a year's schedule; a second one for the same year takes its place."""
    row = db.session.get(HolidayYear, year) or HolidayYear(year=year)
    row.free = sorted(day.isoformat() for day in schedule.free)
    row.worked = sorted(day.isoformat() for day in schedule.worked)
    row.source = source
    db.session.add(row)
    db.session.flush()


def kept() -> Sequence[HolidayYear]:
    return db.session.scalars(select(HolidayYear).order_by(HolidayYear.year)).all()
