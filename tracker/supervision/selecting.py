"""Obligations by what was known of them: fast now, and fast for days not long gone.

What has not moved since a moment is still as it was then, and is found by the indices of today;
only what has moved is looked up among its events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, true, union_all
from sqlalchemy.orm import aliased

from tracker.supervision.knowing import AsOf, Known, known, moved_since
from tracker.tasks.models import Move, Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import OPENED
from tracker.tasks.tallying import sum_of

Condition = Callable[[Known], ColumnElement[bool]]
Columns = Callable[[Known], Sequence[Any]]
Found = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


def _ids(_then: Known) -> Sequence[Any]:
    return [Obligation.id]


def found(
    condition: Condition, asked: AsOf, picked: Picked = EVERYTHING, columns: Columns = _ids
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
    condition: Condition, since: datetime, picked: Picked = EVERYTHING, columns: Columns = _ids
) -> Select[*tuple[Any, ...]]:
    """What something has happened to from a moment on, and of which the condition held before."""
    # What was opened meanwhile was not there before: a first day of a period opens thousands.
    changed = moved_since(since).where(Move.event != OPENED)
    last = (
        select(func.max(Move.id))
        .where(Move.recorded_at < since, Move.obligation_id.in_(changed))
        .group_by(Move.obligation_id)
    )
    before = aliased(Move)
    then = Known.by(before)
    query = select(*columns(then)).select_from(Obligation)
    query = query.join(before, before.obligation_id == Obligation.id)
    return query.where(before.id.in_(last), condition(then), *picked.where(then.unit_id))


def number_where(
    condition: Condition, asked: AsOf, picked: Picked = EVERYTHING
) -> ColumnElement[int]:
    """How many `found` finds, as a value inside a larger query: told from what moved alone."""
    standing = _standing(condition, asked, picked, _ids)
    if asked.known is None:
        return number_of(standing)
    moved = standing.where(Obligation.id.in_(moved_since(asked.known)))
    meanwhile = moved_meanwhile(condition, asked.known, picked)
    return number_of(standing) - number_of(moved) + number_of(meanwhile)


def numbers_before(
    conditions: Mapping[str, Condition], moment: datetime, day: date, picked: Picked = EVERYTHING
) -> Select[*tuple[Any, ...]]:
    """The same for several at once: what moved since is walked through a single time for all."""
    now = known(AsOf(day=day))
    moved = select(*_sums(conditions, now)).where(
        Obligation.id.in_(moved_since(moment)), *picked.where()
    )
    meanwhile = moved_meanwhile(
        lambda _then: true(), moment, picked, lambda told: _sums(conditions, told)
    )
    gone, came = meanwhile.subquery(), moved.subquery()
    return select(
        *[
            (
                number_of(_standing(condition, AsOf(day=day), picked, _ids))
                - came.c[name]
                + gone.c[name]
            ).label(name)
            for name, condition in conditions.items()
        ]
    ).select_from(came.join(gone, true()))


def _sums(conditions: Mapping[str, Condition], told: Known) -> list[Any]:
    return [sum_of(condition(told)).label(name) for name, condition in conditions.items()]


def number_of(rows: Found) -> ColumnElement[int]:
    """How many rows a subquery gives, as a value inside a larger query."""
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
