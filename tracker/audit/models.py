"""The log. An entry is written with what it tells of; its link in the chain is added after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.audit.keeping import write_once
from tracker.db import Model


class Entry(Model):
    """One act. `link` and `digest` are empty until the sealer has chained it."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    account: Mapped[str] = mapped_column(String(40), index=True)
    address: Mapped[str] = mapped_column(String(45), default="")
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    link: Mapped[int | None] = mapped_column(unique=True, active_history=True)
    digest: Mapped[str] = mapped_column(String(64), default="", active_history=True)


class Head(Model):
    """The chain's last link, so that entries missing at its end are missed."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[int]
    entry_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


write_once(Entry, later=("link", "digest"))
