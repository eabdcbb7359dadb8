"""Keeps digests: one for each kind, recipient and day, whoever makes it how often."""

from __future__ import annotations

from datetime import date, datetime

from tracker.db import db, insert
from tracker.supervision.models import Digest
from tracker.supervision.snapshots import Page, as_json


def keep(
    kind: str, recipient_id: int, day: date, *, subject: str, page: Page, at: datetime
) -> int | None:
    """The new digest's id; None where the day's digest is there already."""
    row = {
        "kind": kind,
        "recipient_id": recipient_id,
        "day": day,
        "subject": subject,
        "page": as_json(page),
        "made_at": at,
    }
    new = insert(Digest).values(row).on_conflict_do_nothing().returning(Digest.id)
    return db.session.scalar(new)
