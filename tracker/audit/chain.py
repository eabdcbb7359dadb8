"""Links entries into a hash chain, and walks it to see whether it still holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tracker.audit.models import Entry, Head
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
    """Write an entry in the transaction it tells of; no text from outside may hinder it."""
    known = _known(action, account=account, at=at, address=address)
    db.session.add(Entry(**known, subject=_fit(subject, 200), detail=dict(detail or {})))


def record_each(
    action: str, subjects: Iterable[str], *, account: str, at: datetime, address: str = ""
) -> None:
    """The same act on many things, in one statement."""
    known = _known(action, account=account, at=at, address=address)
    if rows := [{**known, "subject": _fit(subject, 200)} for subject in subjects]:
        db.session.execute(insert(Entry), rows)


def _known(action: str, *, account: str, at: datetime, address: str) -> dict[str, Any]:
    return {
        "at": at,
        "account": _fit(account, 40),
        "address": _fit(address, 45),
        "action": _fit(action, 40),
    }


def _fit(text: str, longest: int) -> str:
    """What no database can hold is shown as �, so that it is seen to have been there."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)[:longest]


def seal() -> int:
    """Chain what is not chained yet, in the order of the entries, and say how many these were."""
    head = _head()
    waiting = db.session.scalars(
        select(Entry).where(Entry.link.is_(None)).order_by(Entry.id).limit(SEALED_AT_ONCE),
        execution_options={"populate_existing": True},
    ).all()
    for entry in waiting:
        entry.link = head.link + 1
        entry.digest = _digest(entry, entry.link, head.digest)
        head.link, head.entry_id, head.digest = entry.link, entry.id, entry.digest
    db.session.flush()
    return len(waiting)


def _head() -> Head:
    """Locked: of two sealers the second waits, and goes on where the first ended."""
    if (head := _locked_head()) is None:
        try:
            with db.session.begin_nested():
                db.session.add(Head(id=1, link=0, entry_id=0, digest=BEGINNING))
        except IntegrityError:
            pass  # another sealer began the chain at the same moment
        head = _locked_head()
    if head is None:
        raise LookupError("the chain's head is gone")
    return head


def _locked_head() -> Head | None:
    options = {"populate_existing": True}
    return db.session.scalar(select(Head).with_for_update(), execution_options=options)


def verify() -> Verdict:
    """Walk the whole chain; unsealed entries are not part of it yet."""
    digest, expected, last = BEGINNING, 0, 0
    # Closed even if the walk ends early: on PostgreSQL the server holds a cursor meanwhile.
    with closing(_chained()) as entries:
        for entry in entries:
            expected += 1
            if entry.link != expected or entry.digest != _digest(entry, expected, digest):
                return Verdict(checked=expected, broken=entry.id)
            digest, last = entry.digest, entry.id
    return Verdict(checked=expected, broken=_missing_at_the_end(expected, last, digest))


def _missing_at_the_end(link: int, entry_id: int, digest: str) -> int | None:
    """The last sealed entry as the head knows it, where the chain does not end with it."""
    head = db.session.execute(select(Head.link, Head.entry_id, Head.digest)).one_or_none()
    if head is None:
        return entry_id or None
    return None if (head.link, head.digest) == (link, digest) else head.entry_id


def _chained() -> Generator[Entry, None, None]:
    query = select(Entry).where(Entry.link.is_not(None)).order_by(Entry.link)
    options = {"yield_per": STREAMED, "populate_existing": True}
    # Closed also where the walk ends early: PostgreSQL holds a cursor for it.
    with db.session.scalars(query, execution_options=options) as found:
        yield from found


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
    text = before + json.dumps(told, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
