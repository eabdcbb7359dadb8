"""Reads of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from tracker.audit.models import Entry, Head
from tracker.db import db


def entries(
    *,
    before: int,
    limit: int,
    account: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[Entry]:
    """The newest first, from before an entry where one is given."""
    query = select(Entry)
    if before:
        query = query.where(Entry.id < before)
    if account:
        query = query.where(Entry.account == account)
    if action:
        query = query.where(Entry.action == action)
    if since:
        query = query.where(Entry.at >= since)
    if until:
        query = query.where(Entry.at < until)
    return db.session.scalars(query.order_by(Entry.id.desc()).limit(limit)).all()


def sealed() -> int:
    """How many entries the chain holds, as its head knows."""
    return db.session.scalar(select(Head.link)) or 0


def unsealed() -> int:
    query = select(func.count()).select_from(Entry).where(Entry.link.is_(None))
    return db.session.scalar(query) or 0
