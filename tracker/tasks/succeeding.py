"""Who lives on a day: hand-overs between units, followed as far as they are certain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.registry.models import Succession

# Kinds after which one unit clearly takes the place of another.
CLEAR = frozenset({"rename", "successor", "refounded", "merge"})
# A plate is a second name of a body that goes on as before: nothing moves.
NOTHING_MOVES = frozenset({"plate"})


@dataclass(frozen=True, kw_only=True)
class Heirs:
    """Units with a certain heir, and units where a person has to choose."""

    certain: dict[int, int]
    uncertain: frozenset[int]


def heirs_on(day: date) -> Heirs:
    """As of a day. A hand-over whose day or end nobody knows for sure asks for a person."""
    return follow(db.session.scalars(select(Succession)), day)


def follow(successions: Iterable[Succession], day: date) -> Heirs:
    certain: dict[int, int] = {}
    uncertain: set[int] = set()
    for succession in successions:
        if succession.kind in NOTHING_MOVES or (succession.day and succession.day > day):
            continue
        is_clear = succession.kind in CLEAR and succession.sure and succession.day is not None
        if is_clear and succession.old_id not in certain:
            certain[succession.old_id] = succession.new_id
        else:
            uncertain.add(succession.old_id)
    return _chained(certain, uncertain)


def _chained(certain: dict[int, int], uncertain: set[int]) -> Heirs:
    """甲→乙→丙 comes to 丙; a chain that ends in doubt, or in a ring, is in doubt."""
    ends: dict[int, int] = {}
    doubtful = set(uncertain)
    for old, heir in certain.items():
        seen, unit = {old}, heir
        while unit in certain and unit not in seen:
            seen.add(unit)
            unit = certain[unit]
        if unit in seen or (seen | {unit}) & uncertain:
            doubtful.add(old)
        else:
            ends[old] = unit
    return Heirs(certain=ends, uncertain=frozenset(doubtful))
