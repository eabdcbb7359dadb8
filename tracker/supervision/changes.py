"""How the overdue list changed since a day: what came onto it, what stayed, what went.

What came was overdue at some time since and not on the morning of `since`, also where it is not
overdue any more. What went, of this or of what was there before, was met (filed) or went otherwise
(put off, waived, returned, ended, handed over). So what was overdue then, with what came and
without what went, is what is overdue now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.clock import start_of
from tracker.db import ask
from tracker.supervision.knowing import AsOf, Known, known, morning_of
from tracker.supervision.overdue import Key, Paged, Rows, by_day, by_id, overdue_ids
from tracker.supervision.selecting import (
    Columns,
    Condition,
    ids,
    moved_meanwhile,
    number_of,
    number_where,
)
from tracker.tasks.models import Move, Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import ACCEPTED, FILED, OPENED
from tracker.tasks.tallying import sum_of

BEFORE, NEWLY, STILL, MET, SETTLED = "before", "newly", "still", "met", "settled"
CHANGES = frozenset({BEFORE, NEWLY, STILL, MET, SETTLED})
# By the day that is awaited; of the others nothing need be awaited any more.
BY_DAY = frozenset({BEFORE, STILL})


def changed(
    which: str,
    asked: AsOf,
    since: date,
    picked: Picked = EVERYTHING,
    *,
    after: Key | None = None,
    limit: int | None = 50,
) -> Rows:
    """One of CHANGES as rows, in the order of BY_DAY or of the id.

    What is told by its id is paged by `after=(date.min, id)`.
    """
    return _paged(which, asked, since, picked, after, limit).rows()


@lru_cache(maxsize=64)
def _paged(
    which: str, asked: AsOf, since: date, picked: Picked, after: Key | None, limit: int | None
) -> Paged:
    """Putting it together takes longer than asking it: kept for who looks again."""
    then = morning_of(since) if which == BEFORE else asked
    condition = _condition(which, then, since, picked)
    order = by_day if which in BY_DAY else by_id
    return order(condition, then, _held(which, picked), after=after, limit=limit)


def number_changed(which: str, asked: AsOf, since: date, picked: Picked = EVERYTHING) -> int:
    return ask(_number(which, asked, since, picked)).scalar() or 0


@lru_cache(maxsize=64)
def _number(which: str, asked: AsOf, since: date, picked: Picked) -> Select[*tuple[int]]:
    return select(number_in(which, asked, since, picked))


def number_in(
    which: str, asked: AsOf, since: date, picked: Picked = EVERYTHING
) -> ColumnElement[int]:
    """As a value inside a larger query: counted from what moved, not from all that is overdue."""
    if which in (MET, SETTLED):
        return number_of(_gone(asked, since, picked, which=which))
    before = number_where(_late(since), morning_of(since), picked)
    if which == BEFORE:
        return before
    if which == STILL:
        was_late = Obligation.id.in_(moved_meanwhile(_late(since), start_of(since), picked))
        return before - number_of(_gone(asked, since, picked).where(was_late))
    now = number_where(_late(asked.day), asked, picked)
    return now - before + number_of(_gone(asked, since, picked))


def gone(asked: AsOf, since: date, picked: Picked) -> Select[*tuple[Any, ...]]:
    """One row: how many were met, and how many went otherwise."""

    def numbers(then: Known) -> list[ColumnElement[int]]:
        return [sum_of(way).label(which) for which, way in _ways(then).items()]

    return _gone(asked, since, picked, numbers)


def _held(which: str, picked: Picked) -> Picked:
    """What came or went is looked for with who held it then, whoever holds it now."""
    return picked if which in BY_DAY else EVERYTHING


def _late(day: date) -> Condition:
    return lambda then: then.awaited_by < day


def _condition(which: str, asked: AsOf, since: date, picked: Picked) -> Condition:
    if which == BEFORE:
        return _late(since)
    if which in (MET, SETTLED):
        went = Obligation.id.in_(_gone(asked, since, picked, which=which))
        return lambda _: went
    before = Obligation.id.in_(overdue_ids(morning_of(since), picked))
    if which == STILL:
        return lambda then: _late(asked.day)(then) & before
    late = select(overdue_ids(asked, picked).subquery().c.id)
    came = Obligation.id.in_(union_all(late, _gone(asked, since, picked)))
    return lambda _: came & ~before


def _gone(
    asked: AsOf, since: date, picked: Picked, tell: Columns = ids, *, which: str = ""
) -> Select[*tuple[Any, ...]]:
    """Of what was overdue since then and is no more: `tell` of it as it stands."""
    then = known(asked)
    query = then.join(select(*tell(then)).select_from(Obligation))
    not_late = then.awaited_by.is_(None) | (then.awaited_by >= asked.day)
    if picked.unit:
        not_late |= then.unit_id != picked.unit
    ended = Obligation.id.in_(_ended(asked, since, picked))
    query = query.where(ended, not_late, *replace(picked, unit=None).where())
    return query.where(_ways(then)[which]) if which else query


def _ways(then: Known) -> Mapping[str, ColumnElement[bool]]:
    """How something is overdue no more."""
    filed = then.status.in_((FILED, ACCEPTED))
    return {MET: filed, SETTLED: ~filed}


def _ended(asked: AsOf, since: date, picked: Picked) -> Select[*tuple[int]]:
    """As a subquery: what was overdue as a day began, and has moved since that day began."""
    move, standing, earlier = aliased(Move), aliased(Move), aliased(Move)
    last = select(func.max(earlier.id)).where(
        earlier.obligation_id == move.obligation_id, earlier.id < move.id
    )
    days = [since + timedelta(days=n) for n in range((asked.day - since).days + 1)]
    late = [(standing.awaited_by < day) & (move.recorded_at >= start_of(day)) for day in days]
    query = select(move.obligation_id).join(
        standing, standing.id == last.correlate(move).scalar_subquery()
    )
    query = query.where(move.recorded_at >= start_of(since), move.event != OPENED, or_(*late))
    if asked.known is not None:
        query = query.where(move.recorded_at < asked.known)
    return query.where(standing.unit_id == picked.unit) if picked.unit else query
