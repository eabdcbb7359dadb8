"""Official papers as they were made, with what their figures count; calendars' addresses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.audit.keeping import write_once
from tracker.db import Model


class Paper(Model):
    """公文: a file in the papers' folder, named by its hash. Asked for again it is the same one."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "about"),
        Index("ix_paper_office_id_id", "office_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    # What it is made from: an urge's or bulletin's id; of a situation report, office, day, reader.
    about: Mapped[str] = mapped_column(String(40))
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(200))
    addressee: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    # Mark → number, word, and the obligations it counts where these are not in an annex.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Feed(Model):
    """The address of somebody's calendar, known by the hash of its secret."""

    __tablename__ = "feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


write_once(Paper)
