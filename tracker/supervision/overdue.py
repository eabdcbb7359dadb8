"""What is overdue, as of any day. Computed from the awaited day, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.registry.models import City, Unit
from tracker.supervision.knowing import AsOf, Known, known
from tracker.tasks.models import Call, Obligation, Task
from tracker.tasks.picking import EVERYTHING, Picked

Rows = Sequence[Row[Any]]
Key = tuple[date, int]  # where a page ended: the awaited day and the id


def overdue(
    asked: AsOf, picked: Picked = EVERYTHING, *, after: Key | None = None, limit: int | None = 50
) -> Rows:
    """The latest first, from behind `after`. Columns: see `rows_of`."""
    then = known(asked)
    query = rows_of(then).where(*_late(then, asked, picked))
    return paged(query, then, after=after, limit=limit)


def number_overdue(asked: AsOf, picked: Picked = EVERYTHING) -> int:
    then = known(asked)
    query = then.join(select(func.count()).select_from(Obligation))
    return db.session.scalar(query.where(*_late(then, asked, picked))) or 0


def overdue_ids(asked: AsOf, picked: Picked = EVERYTHING) -> Select[*tuple[Any, ...]]:
    """As a subquery: the overdue obligations' ids."""
    then = known(asked)
    return then.join(select(Obligation.id)).where(*_late(then, asked, picked))


def due_between(
    asked: AsOf,
    first: date,
    last: date,
    picked: Picked = EVERYTHING,
    *,
    after: Key | None = None,
    limit: int | None = 50,
) -> Rows:
    """What is awaited by one of these days, the nearest first: what comes due."""
    then = known(asked)
    within = then.awaited_by.between(first, last)
    query = rows_of(then).where(within, *picked.where(then.unit_id))
    return paged(query, then, after=after, limit=limit)


def rows_of(then: Known) -> Select[*tuple[Any, ...]]:
    """An obligation with the words a person knows it by; a call has neither task nor measure."""
    query = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.kind,
            Obligation.period,
            Obligation.role,
            Obligation.due_on,
            then.awaited_by.label("awaited_by"),
            then.status.label("status"),
            then.unit_id.label("unit_id"),
            Unit.name.label("unit"),
            Obligation.city_id,
            City.name.label("city"),
            Obligation.notice_id,
            Notice.slug,
            Notice.short_title,
            Notice.office_id,
            MeasureList.position.label("list"),
            MeasureList.adoption,
            Measure.id.label("measure_id"),
            Measure.no,
            func.coalesce(Measure.title, Call.title).label("title"),
        )
        .select_from(Obligation)
        .join(Notice, Obligation.notice_id == Notice.id)
        .outerjoin(City, Obligation.city_id == City.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(MeasureList, Measure.list_id == MeasureList.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
    )
    return then.join(query).join(Unit, then.unit_id == Unit.id)


def paged(
    query: Select[*tuple[Any, ...]], then: Known, *, after: Key | None, limit: int | None
) -> Rows:
    """In the order of the awaited day; `limit` None is all of it."""
    if after:
        day, last = after
        behind = (then.awaited_by == day) & (Obligation.id > last)
        query = query.where((then.awaited_by > day) | behind)
    query = query.order_by(then.awaited_by, Obligation.id)
    return db.session.execute(query.limit(limit) if limit else query).all()


def _late(then: Known, asked: AsOf, picked: Picked) -> list[ColumnElement[bool]]:
    return [then.awaited_by < asked.day, *picked.where(then.unit_id)]
