"""红黄绿灯 counted: by unit, by notice or by city, as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    cast,
    func,
    literal,
    select,
    union_all,
)

from tracker.db import ask, db
from tracker.notices.models import Notice
from tracker.supervision.knowing import AsOf, Known, known
from tracker.supervision.selecting import LIVE, came, found, left
from tracker.tasks.models import Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.tallying import sum_of

Days = Sequence[Row[*tuple[Any, ...]]]
COLUMNS = ("notice_id", "awaited_by", "unit_id", "city_id")


def lights(asked: AsOf, soon: date, picked: Picked = EVERYTHING) -> Row[Any]:
    """One row: red (overdue), yellow (due by `soon`), green (due later); what is awaited only."""
    awaited = found(
        lambda then: then.awaited_by.is_not(None),
        asked,
        picked,
        lambda then: [then.awaited_by.label("awaited_by")],
    ).subquery()
    counts: list[Any] = [*_counts(awaited.c.awaited_by, asked, soon)]
    return db.session.execute(select(*counts)).one()


@dataclass(slots=True)
class Cell:
    """What is awaited of one unit for one notice, in one city or in none."""

    unit_id: int
    notice_id: int
    city_id: int | None
    red: int = 0
    yellow: int = 0
    green: int = 0
    oldest: date = date.max


def cells(asked: AsOf, soon: date, picked: Picked = EVERYTHING) -> Sequence[Cell]:
    return in_cells(days(asked, picked), asked, soon)


def in_cells(found: Days, asked: AsOf, soon: date) -> Sequence[Cell]:
    """Days put together by what the lights stand for."""
    known: dict[tuple[int, int, int | None], Cell] = {}
    today = asked.day
    for notice_id, day, unit_id, city_id, number in found:
        key = (unit_id, notice_id, city_id)
        cell = known.get(key)
        if cell is None:
            cell = known[key] = Cell(*key)
        if day < today:
            cell.red += number
        elif day <= soon:
            cell.yellow += number
        else:
            cell.green += number
        cell.oldest = min(cell.oldest, day)
    return list(known.values())


def days(asked: AsOf, picked: Picked = EVERYTHING) -> Days:
    """Rows (notice_id, awaited_by, unit_id, city_id, number): all counts of what is awaited are
    sums of these. In this order an index holds them, and nothing has to be sorted.
    """
    return ask(_days(asked, picked)).all()


@lru_cache(maxsize=64)
def _days(asked: AsOf, picked: Picked) -> Select[Any]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    now = known(AsOf(day=asked.day))
    standing = select(*_columns(now), func.count().label("number"))
    standing = standing.where(now.awaited_by.is_not(None), *picked.where()).group_by(*_held(now))
    if not (picked.office or picked.notice):
        # The index begins with the notice: named, SQLite jumps over all that is not awaited.
        standing = standing.where(Obligation.notice_id.in_(select(Notice.id)))
    if asked.known is None:
        return standing
    gone = left(lambda before: [*_columns(before), literal(1)], asked.known, LIVE, picked)
    put = came(lambda after: [*_columns(after), literal(-1)], asked.known, LIVE, picked)
    whole = union_all(standing, gone, put).subquery()
    by = [whole.c[name] for name in COLUMNS]
    # PostgreSQL adds counts up as decimals.
    number = cast(func.sum(whole.c.number), Integer)
    query = select(*by, number.label("number")).where(whole.c.awaited_by.is_not(None))
    return query.group_by(*by).having(number != 0)


def _held(then: Known) -> Sequence[Any]:
    return [Obligation.notice_id, then.awaited_by, then.unit_id, Obligation.city_id]


def _columns(then: Known) -> Sequence[Any]:
    return [column.label(name) for name, column in zip(COLUMNS, _held(then), strict=True)]


def _counts(awaited_by: ColumnElement[Any], asked: AsOf, soon: date) -> list[ColumnElement[int]]:
    lights = {
        "red": awaited_by < asked.day,
        "yellow": awaited_by.between(asked.day, soon),
        "green": awaited_by > soon,
    }
    return [sum_of(one).label(name) for name, one in lights.items()]
