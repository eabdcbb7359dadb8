"""The tables of supervision: what is overdue as of a day, and the digests that were told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tracker.clock import today
from tracker.registry.queries import workdays
from tracker.supervision import digest_queries
from tracker.supervision.knowing import as_of
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import overdue

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
DIGEST_COLUMNS = ("id", "kind", "day", "recipient", "subject", "made_at")


def overdue_rows(on: date | None) -> Iterator[Record]:
    """As of the day; without one, as of today."""
    day, now = on or today(), today()
    late = Lateness(day, workdays())
    for row in overdue(as_of(day, today=now), limit=None):
        yield {
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
            "awaited_by": row.awaited_by.isoformat(),
            "workdays_late": late.of(row.awaited_by),
            "status": row.status,
        }


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
