"""Requests of units and the office's rulings on them; on-site checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Unit
from tracker.reports.models import Evidence
from tracker.tasks.models import Obligation, Task


class Requested:
    """What every request of a unit has: why and by whom it was asked, what was ruled and said."""

    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class Extension(Requested, Model):
    """延期: asked for before the day, with a reason and a wished day. Until granted, no change."""

    __tablename__ = "extension"
    __table_args__ = (Index("ix_extension_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # The day that held when it was asked for, the one wished for, and the one given.
    asked_from: Mapped[date]
    wished_on: Mapped[date]
    granted_to: Mapped[date | None]

    obligation: Mapped[Obligation] = relationship(lazy="raise")


class Dispute(Requested, Model):
    """归属异议: a unit says that a task is not its duty, and whose it thinks it is."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    named_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    given_to: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    new_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))

    task: Mapped[Task] = relationship(lazy="raise", foreign_keys=[task_id])
    named: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[named_id])


class Closing(Requested, Model):
    """销号: asked for a landed task, or one not taken up; checked, closed, and perhaps reopened."""

    __tablename__ = "closing"
    __table_args__ = (Index("ix_closing_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    checklist: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reopened_why: Mapped[str] = mapped_column(String(500), default="")

    task: Mapped[Task] = relationship(lazy="raise")


class Check(Model):
    """督查核查: who went, when, and what was seen, on a task or in a city. Never changed."""

    __tablename__ = "site_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"), index=True)
    made_on: Mapped[date]
    made_by: Mapped[str] = mapped_column(String(80))
    seen: Mapped[str] = mapped_column(String(2000))
    is_fine: Mapped[bool]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    task: Mapped[Task | None] = relationship(lazy="raise")


class CheckBacking(Model):
    """A file that shows what was seen."""

    __tablename__ = "check_backing"

    check_id: Mapped[int] = mapped_column(ForeignKey("site_check.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)

    evidence: Mapped[Evidence] = relationship(lazy="raise")


class Compilation(Model):
    """案例汇编: cases that the office has collected, spread once it is published."""

    __tablename__ = "compilation"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(2000), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    office: Mapped[Unit] = relationship(lazy="raise")


class Case(Model):
    """经验做法: what a unit or city did that others may learn from, and with what effect."""

    __tablename__ = "experience_case"
    __table_args__ = (
        Index("ix_experience_case_notice_id_state_id", "notice_id", "state", "id"),
        Index("ix_experience_case_unit_id_id", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(120))
    done: Mapped[str] = mapped_column(String(4000))
    effect: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(1000), default="")
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    compilation_id: Mapped[int | None] = mapped_column(ForeignKey("compilation.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    notice: Mapped[Notice] = relationship(lazy="raise")
    measure: Mapped[Measure | None] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    compilation: Mapped[Compilation | None] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class CaseMove(Model):
    """One event in a case's life; never changed, never removed."""

    __tablename__ = "case_move"
    __table_args__ = (Index("ix_case_move_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("experience_case.id"))
    event: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")


class CaseEvidence(Model):
    """Evidence that backs a case."""

    __tablename__ = "case_evidence"

    case_id: Mapped[int] = mapped_column(ForeignKey("experience_case.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


for _model in (Check, CheckBacking, CaseMove, CaseEvidence):
    write_once(_model)
