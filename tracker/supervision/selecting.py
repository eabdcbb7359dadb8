"""Obligations by what was known of them: fast now, and fast for days not long gone.

What has not moved since a moment is still as it was then, and is found by the indices of today;
only what has moved is looked up among its events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, union_all
from sqlalchemy.orm import aliased

from tracker.supervision.knowing import AsOf, Known, known, moved_since
from tracker.tasks.models import Move, Obligation
from tracker.tasks.picking import EVERYTHING, Picked

Condition = Callable[[Known], ColumnElement[bool]]
Columns = Callable[[Known], Sequence[Any]]
Found = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


def _ids(_then: Known) -> Sequence[Any]:
    return [Obligation.id]


def found(
    condition: Condition, asked: AsOf, picked: Picked = EVERYTHING, columns: Columns = _ids
) -> Found:
    """As a subquery: the obligations of which the condition held, by default their ids."""
    now = known(AsOf(day=asked.day))
    standing = select(*columns(now)).where(condition(now), *picked.where())
    if asked.known is None:
        return standing
    moved = moved_since(asked.known)
    last = (
        select(func.max(Move.id))
        .where(Move.recorded_at < asked.known, Move.obligation_id.in_(moved))
        .group_by(Move.obligation_id)
    )
    before = aliased(Move)
    then = Known.by(before)
    gone = (
        select(*columns(then))
        .select_from(Obligation)
        .join(before, before.obligation_id == Obligation.id)
        .where(before.id.in_(last), condition(then), *picked.where(then.unit_id))
    )
    return union_all(standing.where(Obligation.id.not_in(moved)), gone)


def number_of(rows: Found) -> ColumnElement[int]:
    """How many rows a subquery gives, as a value inside a larger query."""
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
