"""The tables of supervision: what is overdue as of a day, and the digests that were told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from tracker.clock import today
from tracker.registry.queries import workdays
from tracker.supervision import digest_queries
from tracker.supervision.knowing import as_of
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import every_obligation, overdue

Record = Mapping[str, Any]

OVERDUE_COLUMNS = (
    "id",
    "notice",
    "list",
    "no",
    "title",
    "unit",
    "city",
    "role",
    "kind",
    "period",
    "due_on",
    "awaited_by",
    "workdays_late",
    "status",
)
OBLIGATION_COLUMNS = (*OVERDUE_COLUMNS, "opens_on", "filed_on")
DIGEST_COLUMNS = ("id", "kind", "day", "recipient", "subject", "made_at")


def overdue_rows(on: date | None) -> Iterator[Record]:
    """As of the day; without one, as of today."""
    day, now = on or today(), today()
    late = Lateness(day, workdays())
    for row in overdue(as_of(day, today=now), limit=None):
        yield _told(row, late)


def obligation_rows(on: date | None) -> Iterator[Record]:
    """Everything that was asked for by the day, whatever became of it."""
    day, now = on or today(), today()
    late = Lateness(day, workdays())
    for row in every_obligation(as_of(day, today=now)):
        filed = row.first_filed_on
        yield _told(row, late) | {
            "opens_on": row.opens_on.isoformat(),
            "filed_on": _day(filed) if filed and filed <= day else "",
        }


def _told(row: Row[Any], late: Lateness) -> dict[str, Any]:
    awaited = row.awaited_by
    return {
        "id": row.id,
        "notice": row.short_title,
        "list": row.list,
        "no": row.no or "",
        "title": row.title or "",
        "unit": row.unit,
        "city": row.city or "",
        "role": row.role,
        "kind": row.kind,
        "period": row.period,
        "due_on": row.due_on.isoformat(),
        "awaited_by": _day(awaited),
        "workdays_late": late.of(awaited) if awaited else 0,
        "status": row.status,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def digest_rows(on: date | None) -> Iterator[Record]:
    """All of them, or those of the day."""
    for row in digest_queries.every_digest(on):
        yield {
            "id": row.id,
            "kind": row.kind,
            "day": row.day.isoformat(),
            "recipient": row.recipient,
            "subject": row.subject,
            "made_at": row.made_at.isoformat(),
        }
