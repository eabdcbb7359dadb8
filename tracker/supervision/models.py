"""Digests as they were told, and the ledger of the timetable."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.registry.models import Unit


class Digest(Model):
    """What one unit or office was told about one day: a page that never changes."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("kind", "recipient_id", "day"),
        Index("ix_digest_recipient_id_id", "recipient_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    subject: Mapped[str] = mapped_column(String(200))
    page: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    recipient: Mapped[Unit] = relationship(lazy="raise")


class JobRun(Model):
    """One job for one day: claimed by a scheduler or a person, then done or failed."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(24))
    slot: Mapped[date]
    state: Mapped[str] = mapped_column(String(12))
    holder: Mapped[str] = mapped_column(String(40))
    # Runs that a person asked for do not move the timetable on.
    is_by_hand: Mapped[bool] = mapped_column(default=False)
    claimed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # What was recorded before this moment is what the run knew.
    known_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(default=1)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(String(500), default="")


class Lease(Model):
    """Which scheduler leads, and until when if it is not heard of again."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


write_once(Digest)
