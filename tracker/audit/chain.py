"""Links entries into a hash chain, and walks it to see whether it still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tracker.audit.models import Entry
from tracker.db import db

BEGINNING = "0" * 64
SEALED_AT_ONCE = 1_000
STREAMED = 2_000


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the chain holds; if not, the first entry that does not."""

    checked: int
    broken: int | None = None


def record(
    action: str,
    subject: str,
    *,
    account: str,
    at: datetime,
    address: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an entry in the transaction it tells of."""
    db.session.add(
        Entry(
            at=at,
            account=account,
            address=address,
            action=action,
            subject=subject[:200],
            detail=dict(detail or {}),
        )
    )


def seal() -> int:
    """Chain what is not chained yet, in the order of the entries, and say how many these were."""
    last = db.session.scalar(
        select(Entry)
        .where(Entry.link.is_not(None))
        .order_by(Entry.link.desc())
        .limit(1)
    )
    link, digest = (last.link or 0, last.digest) if last else (0, BEGINNING)
    waiting = db.session.scalars(
        select(Entry)
        .where(Entry.link.is_(None))
        .order_by(Entry.id)
        .limit(SEALED_AT_ONCE)
    ).all()
    for entry in waiting:
        link += 1
        digest = _digest(entry, link, digest)
        entry.link, entry.digest = link, digest
    db.session.flush()
    return len(waiting)


def verify() -> Verdict:
    """Walk the whole chain; unsealed entries are not part of it yet."""
    digest, expected = BEGINNING, 0
    for entry in _chained():
        expected += 1
        if entry.link != expected or entry.digest != _digest(entry, expected, digest):
            return Verdict(checked=expected, broken=entry.id)
        digest = entry.digest
    return Verdict(checked=expected)


def _chained() -> Iterator[Entry]:
    query = select(Entry).where(Entry.link.is_not(None)).order_by(Entry.link)
    yield from db.session.scalars(query, execution_options={"yield_per": STREAMED})


def _digest(entry: Entry, link: int, before: str) -> str:
    at = entry.at if entry.at.tzinfo else entry.at.replace(tzinfo=UTC)
    told = {
        "link": link,
        "id": entry.id,
        "at": at.astimezone(UTC).isoformat(),
        "account": entry.account,
        "address": entry.address,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    text = before + json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
