"""红黄绿灯 counted: by unit, by notice or by city, as of any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import City, Unit
from tracker.supervision.knowing import AsOf, Known
from tracker.supervision.selecting import found
from tracker.tasks.models import Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.tallying import sum_of

BY_UNIT, BY_NOTICE, BY_CITY = "unit", "notice", "city"
GROUPS: Mapping[str, tuple[str, Any, Any]] = {
    BY_UNIT: ("unit_id", Unit.id, Unit.name),
    BY_NOTICE: ("notice_id", Notice.id, Notice.short_title),
    BY_CITY: ("city_id", City.id, City.name),
}


def lights(asked: AsOf, soon: date, picked: Picked = EVERYTHING) -> Row[Any]:
    """One row: red (overdue), yellow (due by `soon`), green (due later); what is awaited only."""
    awaited = _awaited(asked, picked)
    counts: list[Any] = [*_counts(awaited.c.awaited_by, asked, soon)]
    return db.session.execute(select(*counts)).one()


def lights_by(
    what: str, asked: AsOf, soon: date, picked: Picked = EVERYTHING
) -> Sequence[Row[Any]]:
    """Rows (id, red, yellow, green, oldest, name), the most overdue first."""
    by, key, name = GROUPS[what]
    awaited = _awaited(asked, picked)
    counted = _grouped(awaited, [awaited.c[by].label("id")], asked, soon).subquery()
    named = select(counted, name.label("name")).join(key.class_, key == counted.c.id)
    order = (counted.c.red.desc(), counted.c.oldest, counted.c.id)
    return db.session.execute(named.order_by(*order)).all()


def cells(asked: AsOf, soon: date, picked: Picked = EVERYTHING) -> Sequence[Row[Any]]:
    """Rows (unit_id, notice_id, city_id, red, yellow, green, oldest): one scan for all sums."""
    return db.session.execute(_cells(asked, soon, picked)).all()


@lru_cache(maxsize=64)
def _cells(asked: AsOf, soon: date, picked: Picked) -> Select[Any]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    awaited = _awaited(asked, picked)
    by = [awaited.c.unit_id, awaited.c.notice_id, awaited.c.city_id]
    return _grouped(awaited, by, asked, soon)


def _awaited(asked: AsOf, picked: Picked) -> Subquery:
    def columns(then: Known) -> Sequence[Any]:
        held = (then.unit_id.label("unit_id"), then.awaited_by.label("awaited_by"))
        return [*held, Obligation.notice_id, Obligation.city_id]

    return found(lambda then: then.awaited_by.is_not(None), asked, picked, columns).subquery()


def _grouped(awaited: Subquery, by: list[Any], asked: AsOf, soon: date) -> Select[Any]:
    day = awaited.c.awaited_by
    counts = (*_counts(day, asked, soon), func.min(day).label("oldest"))
    return select(*by, *counts).group_by(*by)


def _counts(awaited_by: ColumnElement[Any], asked: AsOf, soon: date) -> list[ColumnElement[int]]:
    lights = {
        "red": awaited_by < asked.day,
        "yellow": awaited_by.between(asked.day, soon),
        "green": awaited_by > soon,
    }
    return [sum_of(one).label(name) for name, one in lights.items()]
