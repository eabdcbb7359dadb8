"""Difficulties and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.tasks.models import Obligation, Task


class Difficulty(Model):
    """A problem that a unit asks to have coordinated, alone or in a report.

    The report is known by its obligation and the number of its revision.
    """

    __tablename__ = "difficulty"
    __table_args__ = (
        Index("ix_difficulty_notice_id_state_id", "notice_id", "state", "id"),
        Index("ix_difficulty_unit_id_id", "unit_id", "id"),
        Index("ix_difficulty_kind_id", "kind", "id"),
        Index("ix_difficulty_charged_unit_id_id", "charged_unit_id", "id"),
        Index("ix_difficulty_task_id_id", "task_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id"), index=True)
    revision: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(4000))
    is_important: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12))
    raised_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    charged_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    charged_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer_by: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship(lazy="raise")
    notice: Mapped[Notice] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[unit_id])
    obligation: Mapped[Obligation | None] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class DifficultyMove(Model):
    """One event in a difficulty's life, with what was said. Never changed, never removed."""

    __tablename__ = "difficulty_move"
    __table_args__ = (Index("ix_difficulty_move_difficulty_id_id", "difficulty_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    difficulty_id: Mapped[int] = mapped_column(ForeignKey("difficulty.id"))
    event: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(4000), default="")


write_once(DifficultyMove)
