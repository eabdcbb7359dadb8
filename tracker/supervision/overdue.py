"""What is overdue, as of any day. Computed from the awaited day, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, select

from tracker.db import ask, db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.notices.queries import PLACE
from tracker.registry.models import City, Unit
from tracker.supervision.knowing import AsOf, Known, known, now
from tracker.supervision.selecting import Condition, Found, found, number_where
from tracker.tasks.models import Call, Obligation, Task
from tracker.tasks.picking import EVERYTHING, Picked

Rows = Sequence[Row[Any]]
STREAMED = 1_000
ON_THE_PAGE: BindParameter[Any] = bindparam("on_the_page", expanding=True)
Key = tuple[date, int]  # where a page ended: the awaited day and the id


@dataclass(frozen=True, kw_only=True)
class Paged:
    """Which obligations stand on a page, and how they are told.

    The ids are asked for by themselves: so many joins let PostgreSQL begin at the wrong end where
    they stand in a subquery.
    """

    ids: Select[*tuple[Any, ...]] | None
    told: Select[*tuple[Any, ...]]

    def rows(self) -> Rows:
        if self.ids is None:
            return ask(self.told).all()
        return ask(self.told, {ON_THE_PAGE.key: ask(self.ids).scalars().all()}).all()


def overdue(
    asked: AsOf, picked: Picked = EVERYTHING, *, after: Key | None = None, limit: int | None = 50
) -> Rows:
    """The latest first, from behind `after`. Columns: see `rows_of`."""
    late: Condition = lambda then: then.awaited_by < asked.day  # noqa: E731
    return by_day(late, asked, picked, after=after, limit=limit).rows()


def number_overdue(asked: AsOf, picked: Picked = EVERYTHING) -> int:
    return (
        db.session.scalar(
            select(number_where(lambda then: then.awaited_by < asked.day, asked, picked))
        )
        or 0
    )


def overdue_ids(asked: AsOf, picked: Picked = EVERYTHING) -> Found:
    """As a subquery: the overdue obligations' ids."""
    return found(lambda then: then.awaited_by < asked.day, asked, picked)


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
    within: Condition = lambda then: then.awaited_by.between(first, last)  # noqa: E731
    return by_day(within, asked, picked, after=after, limit=limit).rows()


def every_obligation(asked: AsOf) -> Iterator[Row[Any]]:
    """Whatever was opened by then, streamed, with the days that it had then."""
    then = known(asked)
    query = rows_of(then).add_columns(Obligation.opens_on, Obligation.first_filed_on)
    query = query.order_by(Obligation.id).execution_options(yield_per=STREAMED)
    yield from db.session.execute(query)


def rows_of(then: Known) -> Select[*tuple[Any, ...]]:
    """An obligation with the words a person knows it by; a call has neither task nor measure."""
    return _rows_now() if then is now() else _rows_of(then)


@cache
def _rows_now() -> Select[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    return _rows_of(now())


def _rows_of(then: Known) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.call_id,
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
            Notice.office_id,
            *PLACE,
            Measure.id.label("measure_id"),
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


def by_day(
    condition: Condition,
    asked: AsOf,
    picked: Picked = EVERYTHING,
    *,
    after: Key | None = None,
    limit: int | None = 50,
    day_of: Callable[[Known], ColumnElement[Any]] = lambda then: then.awaited_by,
) -> Paged:
    """What a condition holds of, in the order of a day, by default the awaited one; `limit` None
    is all of it.

    Which rows stand on the page is decided before anything is joined to them.
    """
    day = found(
        condition, asked, picked, lambda then: [Obligation.id, day_of(then).label("day")]
    ).subquery()
    page = select(day.c.id)
    if after:
        last, number = after
        page = page.where((day.c.day > last) | ((day.c.day == last) & (day.c.id > number)))
    then = known(asked)
    order = (day_of(then), Obligation.id)
    return _paged(then, page.order_by(day.c.day, day.c.id), order, limit)


def by_id(
    condition: Condition,
    asked: AsOf,
    picked: Picked = EVERYTHING,
    *,
    after: Key | None = None,
    limit: int | None = 50,
) -> Paged:
    """The same for what is not awaited any more: in the order in which it was opened."""
    ids = found(condition, asked, picked).subquery()
    page = select(ids.c.id).where(ids.c.id > (after[1] if after else 0))
    return _paged(known(asked), page.order_by(ids.c.id), (Obligation.id,), limit)


def _paged(
    then: Known, page: Select[*tuple[Any, ...]], order: Sequence[Any], limit: int | None
) -> Paged:
    told = rows_of(then).order_by(*order)
    if limit is None:
        return Paged(ids=None, told=told.where(Obligation.id.in_(page.order_by(None))))
    return Paged(ids=page.limit(limit), told=told.where(Obligation.id.in_(ON_THE_PAGE)))
