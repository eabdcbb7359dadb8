"""Keeps the tally true: what one obligation adds to each count, before and after a move.

Counts are only ever added to what stands there, so that two transactions never lose a count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    delete,
    func,
    insert as plain_insert,
    select,
    text,
)

from tracker.db import db, insert
from tracker.tasks.models import Obligation, Tally
from tracker.tasks.states import ACCEPTED, OVER, PROGRESS, RETURNED, UNASSIGNED, WAIVED

NOT_EXPECTED = (WAIVED, OVER, UNASSIGNED)

COUNTS = ("expected", "filed_on_time", "filed_late", "accepted", "returned", "waived")
KEYS = ("unit_id", "notice_id", "period", "role")
NOTHING = (0,) * len(COUNTS)

Key = tuple[int, int, str, str]


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one obligation adds to the tally, and where."""

    key: Key
    counts: tuple[int, ...]


def share(obligation: Obligation) -> Share | None:
    """None for what the tally does not count: only progress reports are counted."""
    if obligation.kind != PROGRESS:
        return None
    expected = obligation.status not in NOT_EXPECTED
    filed = expected and obligation.first_filed_on is not None
    counts = (
        expected,
        filed and not obligation.is_late,
        filed and obligation.is_late,
        obligation.status == ACCEPTED,
        obligation.status == RETURNED,
        obligation.status == WAIVED,
    )
    key = (obligation.unit_id, obligation.notice_id, obligation.period, obligation.role)
    return Share(key=key, counts=tuple(map(int, counts)))


def shift(moved: Iterable[tuple[Share | None, Share | None]]) -> None:
    """Move the tally by obligations' changes, before and after, in the changes' transaction."""
    changes: dict[Key, list[int]] = {}
    for before, after in moved:
        _sum(changes, before, -1)
        _sum(changes, after, 1)
    # Always in the same order, so that two transactions never wait for each other.
    rows = [_row(key, changes[key]) for key in sorted(changes) if any(changes[key])]
    if rows:
        _upsert(insert(Tally).values(rows))


def _sum(changes: dict[Key, list[int]], part: Share | None, sign: int) -> None:
    if part:
        sums = changes.setdefault(part.key, list(NOTHING))
        for place, count in enumerate(part.counts):
            sums[place] += sign * count


def _row(key: Key, counts: list[int]) -> dict[str, Any]:
    return dict(zip(KEYS, key, strict=True)) | dict(zip(COUNTS, counts, strict=True))


def add_opened(after_id: int, without_moves: ColumnElement[bool]) -> None:
    """Add the obligations that were opened just now."""
    counted = _counted(Obligation.id > after_id, without_moves).order_by(*map(_column, KEYS))
    _upsert(insert(Tally).from_select([*KEYS, *COUNTS], counted))


def _upsert(statement: Any) -> None:
    sums = {name: getattr(Tally, name) + statement.excluded[name] for name in COUNTS}
    db.session.execute(statement.on_conflict_do_update(index_elements=KEYS, set_=sums))


def rebuild(notice_id: int, period: str) -> None:
    """Count one notice's period anew from its obligations, while nobody else counts."""
    db.session.flush()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE"))
    db.session.execute(delete(Tally).where(Tally.notice_id == notice_id, Tally.period == period))
    counted = _counted(Obligation.notice_id == notice_id, Obligation.period == period)
    db.session.execute(plain_insert(Tally).from_select([*KEYS, *COUNTS], counted))


def differences() -> int:
    """How many rows of the tally are not what a count of the obligations says."""
    db.session.flush()
    kept_rows = select(*(getattr(Tally, name) for name in (*KEYS, *COUNTS)))
    kept, counted = _by_key(kept_rows), _by_key(_counted())
    return sum(
        kept.get(key, NOTHING) != counted.get(key, NOTHING) for key in kept.keys() | counted.keys()
    )


def _by_key(query: Select[Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    width = len(KEYS)
    return {tuple(row[:width]): tuple(row[width:]) for row in db.session.execute(query)}


def _counted(*where: ColumnElement[bool]) -> Select[Any]:
    keys = [_column(name) for name in KEYS]
    return select(*keys, *_sums()).where(Obligation.kind == PROGRESS, *where).group_by(*keys)


def _column(name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = getattr(Obligation, name)
    return column


def _sums() -> list[ColumnElement[int]]:
    return [sum_of(condition) for condition in conditions().values()]


def sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows meet a condition, as a number on both databases."""
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)


def conditions() -> dict[str, ColumnElement[bool]]:
    """What each count counts: of these a list must hold as many rows as the tally says."""
    expected = Obligation.status.not_in(NOT_EXPECTED)
    filed = expected & Obligation.first_filed_on.is_not(None)
    counted = (
        expected,
        filed & Obligation.is_late.is_(False),
        filed & Obligation.is_late.is_(True),
        Obligation.status == ACCEPTED,
        Obligation.status == RETURNED,
        Obligation.status == WAIVED,
    )
    return dict(zip(COUNTS, counted, strict=True))
