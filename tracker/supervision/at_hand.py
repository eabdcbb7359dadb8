"""What waits for a unit or an office beside reports: what their digests tell of it.

Counted as it is now; a replayed day tells nothing of it, for no such count is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from tracker.coordinating.experience import MORE
from tracker.coordinating.models import Case
from tracker.db import db
from tracker.difficulties.models import Difficulty
from tracker.difficulties.states import ANSWERED, CHARGED
from tracker.reports.models import Part
from tracker.reports.parts import WANTED
from tracker.supervision import states, waiting
from tracker.supervision.models import Urge

Told = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing that waits for units: its words, and the page where it is done."""

    words: str
    endpoint: str
    unit: ColumnElement[Any]
    state: ColumnElement[bool]
    args: Mapping[str, Any] = field(default_factory=dict)


KINDS: Mapping[str, Kind] = {
    "urges": Kind(
        words="催办单待签收或回复",
        endpoint="urge.received",
        unit=Urge.unit_id.expression,
        state=Urge.state.in_((states.SENT, states.ACKNOWLEDGED)),
    ),
    "parts": Kind(
        words="协办材料待提供",
        endpoint="parts.index",
        unit=Part.unit_id.expression,
        state=Part.state.in_(WANTED),
    ),
    "charged": Kind(
        words="承办的需协调事项待答复",
        endpoint="difficulties.index",
        unit=Difficulty.charged_unit_id.expression,
        state=Difficulty.state == CHARGED,
        args={"state": CHARGED},
    ),
    "answered": Kind(
        words="需协调事项已答复、待办结",
        endpoint="difficulties.index",
        unit=Difficulty.unit_id.expression,
        state=Difficulty.state == ANSWERED,
        args={"state": ANSWERED},
    ),
    "more": Kind(
        words="经验做法待补充",
        endpoint="cases.index",
        unit=Case.unit_id.expression,
        state=Case.state == MORE,
    ),
}


def of_office(office_id: int) -> Told:
    """The same numbers as on its first page; kinds of which nothing waits are left out."""
    return [
        {"key": one.matter.key, "words": one.matter.words, "number": one.number}
        for one in waiting.waiting(office_id)
        if one.number
    ]


def of_units(unit_ids: Collection[int] | None = None) -> Mapping[int, Told]:
    """In one query for all; without ids, every unit for which anything waits."""
    counted = union_all(*[_count(key, kind) for key, kind in KINDS.items()]).subquery()
    query = select(counted).where(counted.c.unit_id.is_not(None))
    if unit_ids is not None:
        query = query.where(counted.c.unit_id.in_(unit_ids))
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    for row in db.session.execute(query):
        numbers[row.unit_id][row.key] = row.number
    return {
        unit_id: [
            {"key": key, "words": kind.words, "number": own[key]}
            for key, kind in KINDS.items()
            if key in own
        ]
        for unit_id, own in numbers.items()
    }


def _count(key: str, kind: Kind) -> Select[*tuple[Any, ...]]:
    return (
        select(literal(key).label("key"), kind.unit.label("unit_id"), func.count().label("number"))
        .where(kind.state)
        .group_by(kind.unit)
    )
