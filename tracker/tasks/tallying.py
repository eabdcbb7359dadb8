"""Keeps the tally true: what one obligation adds to each count, before and after a move."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Integer,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from tracker.db import db
from tracker.tasks.models import Obligation, Tally
from tracker.tasks.states import ACCEPTED, OVER, PROGRESS, RETURNED, UNASSIGNED, WAIVED

NOT_EXPECTED = (WAIVED, OVER, UNASSIGNED)

COUNTS = ("expected", "filed_on_time", "filed_late", "accepted", "returned", "waived")
KEYS = ("unit_id", "notice_id", "period", "role")


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one obligation adds to the tally, and where."""

    key: tuple[int, int, str, str]
    counts: tuple[int, ...]


def share(obligation: Obligation) -> Share | None:
    """None for what the tally does not count: only progress reports are counted."""
    if obligation.kind != PROGRESS:
        return None
    filed = obligation.first_filed_on is not None
    counts = (
        obligation.status not in NOT_EXPECTED,
        filed and not obligation.is_late,
        filed and obligation.is_late,
        obligation.status == ACCEPTED,
        obligation.status == RETURNED,
        obligation.status == WAIVED,
    )
    key = (obligation.unit_id, obligation.notice_id, obligation.period, obligation.role)
    return Share(key=key, counts=tuple(map(int, counts)))


def shift(before: Share | None, after: Share | None) -> None:
    """Move the tally by one obligation's change, in the transaction of the change."""
    if before == after:
        return
    if before:
        _add(before.key, [-count for count in before.counts])
    if after:
        _add(after.key, list(after.counts))


def _add(key: tuple[int, int, str, str], counts: list[int]) -> None:
    where = [
        getattr(Tally, name) == value for name, value in zip(KEYS, key, strict=True)
    ]
    changed = {
        name: getattr(Tally, name) + count
        for name, count in zip(COUNTS, counts, strict=True)
        if count
    }
    if not changed:
        return
    result = db.session.execute(update(Tally).where(*where).values(changed))
    if not result.rowcount:  # type: ignore[attr-defined]
        row = dict(zip(KEYS, key, strict=True)) | dict(zip(COUNTS, counts, strict=True))
        db.session.execute(insert(Tally).values(row))


def rebuild(notice_id: int, period: str) -> None:
    """Count one notice's period anew from its obligations."""
    db.session.flush()
    db.session.execute(
        delete(Tally).where(Tally.notice_id == notice_id, Tally.period == period)
    )
    counted = (
        select(
            Obligation.unit_id,
            Obligation.notice_id,
            Obligation.period,
            Obligation.role,
            *_sums(),
        )
        .where(
            Obligation.kind == PROGRESS,
            Obligation.notice_id == notice_id,
            Obligation.period == period,
        )
        .group_by(
            Obligation.unit_id, Obligation.notice_id, Obligation.period, Obligation.role
        )
    )
    db.session.execute(insert(Tally).from_select([*KEYS, *COUNTS], counted))


def _sums() -> list[ColumnElement[int]]:
    filed = Obligation.first_filed_on.is_not(None)
    conditions = (
        Obligation.status.not_in(NOT_EXPECTED),
        filed & Obligation.is_late.is_(False),
        filed & Obligation.is_late.is_(True),
        Obligation.status == ACCEPTED,
        Obligation.status == RETURNED,
        Obligation.status == WAIVED,
    )
    return [
        cast(func.sum(case((condition, 1), else_=0)), Integer)
        for condition in conditions
    ]
