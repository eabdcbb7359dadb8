"""红黄绿灯 counted: by unit, by notice or by city, as of any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, case, cast, func, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import City, Unit
from tracker.supervision.knowing import AsOf, Known, known
from tracker.tasks.models import Obligation
from tracker.tasks.picking import EVERYTHING, Picked

BY_UNIT, BY_NOTICE, BY_CITY = "unit", "notice", "city"


def lights(asked: AsOf, soon: date, picked: Picked = EVERYTHING) -> Row[Any]:
    """One row: red (overdue), yellow (due by `soon`), green (due later); what is awaited only."""
    then = known(asked)
    query = then.join(select(*_counts(then, asked, soon)).select_from(Obligation))
    where = (then.awaited_by.is_not(None), *picked.where(then.unit_id))
    return db.session.execute(query.where(*where)).one()


def lights_by(
    what: str, asked: AsOf, soon: date, picked: Picked = EVERYTHING
) -> Sequence[Row[Any]]:
    """Rows (id, name, red, yellow, green, oldest), the most overdue first."""
    then = known(asked)
    by, key, name = _grouped(then)[what]
    red, yellow, green = _counts(then, asked, soon)
    oldest = func.min(then.awaited_by).label("oldest")
    query = then.join(select(by.label("id"), red, yellow, green, oldest).select_from(Obligation))
    where = (then.awaited_by.is_not(None), *picked.where(then.unit_id))
    found = query.where(*where).group_by(by).subquery()
    named: Select[Any] = (
        select(found, name.label("name")).select_from(found).join(key.class_, key == found.c.id)
    )
    return db.session.execute(named.order_by(found.c.red.desc(), found.c.oldest, found.c.id)).all()


def _grouped(then: Known) -> Mapping[str, tuple[Any, Any, Any]]:
    return {
        BY_UNIT: (then.unit_id, Unit.id, Unit.name),
        BY_NOTICE: (Obligation.notice_id, Notice.id, Notice.short_title),
        BY_CITY: (Obligation.city_id, City.id, City.name),
    }


def _counts(then: Known, asked: AsOf, soon: date) -> list[ColumnElement[int]]:
    lights = {
        "red": then.awaited_by < asked.day,
        "yellow": then.awaited_by.between(asked.day, soon),
        "green": then.awaited_by > soon,
    }
    return [
        cast(func.coalesce(func.sum(case((one, 1), else_=0)), 0), Integer).label(name)
        for name, one in lights.items()
    ]
