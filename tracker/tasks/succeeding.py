"""Who lives on a day: hand-overs between units, followed as far as they are certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, func, or_, select

from tracker.db import db
from tracker.registry.models import Succession
from tracker.tasks.models import Task

# Kinds after which one unit clearly takes the place of another.
CLEAR = frozenset({"rename", "successor", "refounded", "merge"})
# A plate is a second name of a body that goes on as before: nothing moves.
NOTHING_MOVES = frozenset({"plate"})


@dataclass(frozen=True, kw_only=True)
class Heirs:
    """Units with a certain heir, and units where a person has to choose."""

    certain: dict[int, int]
    uncertain: frozenset[int]
    # For each of the latter the day of the doubt: a choice made later settles it.
    since: Mapping[int, date]


def heirs_on(day: date) -> Heirs:
    """As of a day. A hand-over whose day or end nobody knows for sure asks for a person."""
    return follow(db.session.scalars(select(Succession)), day)


def whose() -> ColumnElement[int]:
    """The task's own unit, or the one that a person chose after a split."""
    return func.coalesce(Task.heir_id, Task.unit_id)


def in_doubt(heirs: Heirs) -> ColumnElement[bool]:
    """Nobody knows for sure who goes on with the task, and no person has chosen since."""
    doubts = [
        (whose() == unit) & (Task.chosen_on.is_(None) | (Task.chosen_on < since))
        for unit, since in heirs.since.items()
    ]
    return or_(false(), *doubts)


def follow(successions: Iterable[Succession], day: date) -> Heirs:
    certain: dict[int, int] = {}
    uncertain: dict[int, date] = {}
    for succession in successions:
        if succession.kind in NOTHING_MOVES or (succession.day and succession.day > day):
            continue
        is_clear = succession.kind in CLEAR and succession.sure and succession.day is not None
        if is_clear and succession.old_id not in certain:
            certain[succession.old_id] = succession.new_id
        else:
            since = uncertain.get(succession.old_id, date.min)
            uncertain[succession.old_id] = max(since, succession.day or date.min)
    return _chained(certain, uncertain)


def _chained(certain: dict[int, int], uncertain: Mapping[int, date]) -> Heirs:
    """甲→乙→丙 comes to 丙; a chain that ends in doubt, or in a ring, is in doubt."""
    ends: dict[int, int] = {}
    doubtful = dict(uncertain)
    for old, heir in certain.items():
        seen, unit = {old}, heir
        while unit in certain and unit not in seen:
            seen.add(unit)
            unit = certain[unit]
        in_doubt = (seen | {unit}) & uncertain.keys()
        if unit in seen or in_doubt:
            days = [uncertain[one] for one in in_doubt]
            doubtful[old] = max([doubtful.get(old, date.min), *days])
        else:
            ends[old] = unit
    return Heirs(certain=ends, uncertain=frozenset(doubtful), since=doubtful)
