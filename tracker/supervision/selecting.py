"""Obligations by what was known of them: fast now, and fast for days not long gone.

What has not moved since a moment is still as it was then, and is found by the indices of today;
only what has moved is looked up among its events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, union_all

from tracker.supervision.knowing import AsOf, Known, known, known_before, moved_since
from tracker.tasks.models import Move, Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import OPENED

Condition = Callable[[Known], ColumnElement[bool]]
Columns = Callable[[Known], Sequence[Any]]
Found = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

# As everything is known now; the day does not matter to what was known.
LIVE = AsOf(day=date.max)


def ids(_then: Known) -> Sequence[Any]:
    """What is told of an obligation where nothing else is asked for."""
    return [Obligation.id]


def found(
    condition: Condition, asked: AsOf, picked: Picked = EVERYTHING, columns: Columns = ids
) -> Found:
    """As a subquery: the obligations of which the condition held, by default their ids."""
    standing = _standing(condition, asked, picked, columns)
    if asked.known is None:
        return standing
    unmoved = standing.where(Obligation.id.not_in(moved_since(asked.known)))
    return union_all(unmoved, moved_meanwhile(condition, asked.known, picked, columns))


def _standing(
    condition: Condition, asked: AsOf, picked: Picked, columns: Columns
) -> Select[*tuple[Any, ...]]:
    now = known(AsOf(day=asked.day))
    return select(*columns(now)).where(condition(now), *picked.where())


def moved_meanwhile(
    condition: Condition, since: datetime, picked: Picked = EVERYTHING, columns: Columns = ids
) -> Select[*tuple[Any, ...]]:
    """What something has happened to from a moment on, and of which the condition held before."""
    then = known_before(since)
    query = then.join(select(*columns(then)).select_from(Obligation))
    return query.where(_changed(since), condition(then), *picked.where(then.unit_id))


def _changed(since: datetime, until: datetime | None = None) -> ColumnElement[bool]:
    # What was opened meanwhile was not there before: a first day of a period opens thousands.
    return Obligation.id.in_(moved_since(since, until).where(Move.event != OPENED))


def number_where(
    condition: Condition, asked: AsOf, picked: Picked = EVERYTHING
) -> ColumnElement[int]:
    """How many `found` finds, as a value inside a larger query: told from what moved alone."""
    standing = _standing(condition, asked, picked, ids)
    if asked.known is None:
        return number_of(standing)
    moved = standing.where(Obligation.id.in_(moved_since(asked.known)))
    meanwhile = moved_meanwhile(condition, asked.known, picked)
    return number_of(standing) - number_of(moved) + number_of(meanwhile)


def left(
    tell: Columns, since: datetime, asked: AsOf, picked: Picked = EVERYTHING
) -> Select[*tuple[Any, ...]]:
    """Of what moved between a moment and what is asked: how it stood before."""
    before = known_before(since)
    query = before.join(select(*tell(before)).select_from(Obligation))
    return query.where(_changed(since, asked.known), *picked.where(before.unit_id))


def came(
    tell: Columns, since: datetime, asked: AsOf, picked: Picked = EVERYTHING
) -> Select[*tuple[Any, ...]]:
    """Of the same, and of what was opened meanwhile: how it stands after.

    What is asked for is what it was at the moment, without what `left` tells before, and with
    what this tells: so a past day costs what has moved since, not all there is.
    """
    after = known(asked)
    query = after.join(select(*tell(after)).select_from(Obligation))
    moved = Obligation.id.in_(moved_since(since, asked.known))
    return query.where(moved, *picked.where(after.unit_id))


def number_of(rows: Found) -> ColumnElement[int]:
    """How many rows a subquery gives, as a value inside a larger query."""
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
