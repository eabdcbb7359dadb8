"""Tasks: a measure for one unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.notices.models import Measure, Notice
from tracker.registry.models import City, Unit


class Task(Model):
    """A measure × unit. The name stays as printed whatever the unit is called later."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("measure_id", "unit_id", "role"),
        Index("ix_task_unit_id_id", "unit_id", "id"),
        Index("ix_task_notice_id_id", "notice_id", "id"),
        Index("ix_task_city_id_id", "city_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    role: Mapped[str] = mapped_column(String(8))
    position: Mapped[int]
    printed: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    is_deployed: Mapped[bool] = mapped_column(default=False)
    is_landed: Mapped[bool] = mapped_column(default=False)
    allocated_on: Mapped[date]
    # Periods that began before this day are not asked for; empty: from when tracking starts.
    owes_since: Mapped[date | None]
    # Who goes on with it after a split, as a person chose, and on which day.
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    chosen_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    measure: Mapped[Measure] = relationship(lazy="raise")
    notice: Mapped[Notice] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[unit_id])
    city: Mapped[City | None] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Tracking(Model):
    """How a notice is followed: from which day, and what is asked for beside progress."""

    __tablename__ = "tracking"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    starts_on: Mapped[date]
    asks_plan: Mapped[bool] = mapped_column(default=False)
    asks_stocktaking: Mapped[bool] = mapped_column(default=False)
    # From when plans and stock-taking count; empty: from when tracking starts.
    asked_on: Mapped[date | None]
    plan_workdays: Mapped[int] = mapped_column(default=30)
    review_workdays: Mapped[int] = mapped_column(default=5)
    version: Mapped[int] = mapped_column(default=1)

    notice: Mapped[Notice] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Following(Model):
    """纳入跟踪: an office took up a notice that came in without one, or on record only.

    停止跟踪 ends it, and whoever takes the notice up again begins another.
    """

    __tablename__ = "following"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    with_cities: Mapped[bool]
    was_reference: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_why: Mapped[str] = mapped_column(String(200), default="")


write_once(Following, later=("stopped_by", "stopped_at", "stopped_why"))


class Calendar(Model):
    """When one role of a notice reports, and where that is from."""

    __tablename__ = "calendar"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    cadence: Mapped[str] = mapped_column(String(8))
    due_workdays: Mapped[int] = mapped_column(default=10)
    origin: Mapped[str] = mapped_column(String(8), default="office")
    words: Mapped[str] = mapped_column(String(80), default="")
    applies_from: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Call(Model):
    """临时调度: one thing that the office asks of chosen units by one day."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_office_id_id", "office_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(2000), default="")
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_why: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    notice: Mapped[Notice] = relationship(lazy="raise")
    office: Mapped[Unit] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Obligation(Model):
    """What a task owes by a day, or what a unit was called for: exactly one of the two.

    `awaited_by` is NULL while nothing is awaited from its unit.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("task_id", "kind", "period"),
        Index("ix_obligation_awaited_by_id", "awaited_by", "id"),
        Index("ix_obligation_unit_id_awaited_by_id", "unit_id", "awaited_by", "id"),
        Index("ix_obligation_notice_id_status_id", "notice_id", "status", "id"),
        Index("ix_obligation_city_id_id", "city_id", "id"),
        Index("ix_obligation_call_id_id", "call_id", "id"),
        # Holds all that the lights of an office are counted from.
        Index("ix_obligation_lights", "notice_id", "awaited_by", "unit_id", "city_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    role: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(8), default="")
    opens_on: Mapped[date]
    due_on: Mapped[date]
    extended_to: Mapped[date | None]
    correct_by: Mapped[date | None]
    awaited_by: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    begun_on: Mapped[date | None]
    first_filed_on: Mapped[date | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task | None] = relationship(lazy="raise")
    call: Mapped[Call | None] = relationship(lazy="raise")
    notice: Mapped[Notice] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    city: Mapped[City | None] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def measure(self) -> Measure | None:
        return self.task.measure if self.task else None

    @property
    def title(self) -> str:
        """What it is about: the measure's title, or the call's."""
        return self.call.title if self.call else self.measure.title if self.measure else ""


class Move(Model):
    """One event in an obligation's life, with what held after it. Never changed, never removed."""

    __tablename__ = "move"
    __table_args__ = (Index("ix_move_obligation_id_id", "obligation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    event: Mapped[str] = mapped_column(String(16))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[str] = mapped_column(String(12))
    awaited_by: Mapped[date | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")


write_once(Move)


class Waiver(Model):
    """免报 for a task: asked for by its unit with a reason, or given by the office itself."""

    __tablename__ = "waiver"
    __table_args__ = (Index("ix_waiver_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Designation(Model):
    """What the office decided where a notice names no city or no unit; the latest one holds."""

    __tablename__ = "designation"
    __table_args__ = (Index("ix_designation_measure_id_id", "measure_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    subject: Mapped[str] = mapped_column(String(8))
    # The class unit that is spelled out; empty where cities or further units are chosen.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str] = mapped_column(String(12))
    chosen: Mapped[list[int]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


write_once(Designation)


class Breakdown(Model):
    """A city's own order for a local task: 市牵头部门, 责任人 and 工作机制."""

    __tablename__ = "breakdown"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    # As the city writes it, and the unit that it is, where the registry knows one.
    lead: Mapped[str] = mapped_column(String(80))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person: Mapped[str] = mapped_column(String(40), default="")
    mechanism: Mapped[str] = mapped_column(String(500), default="")
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Tally(Model):
    """Progress reports counted by unit, notice, period and role, moved with each obligation."""

    __tablename__ = "tally"
    # An office counts its own notices, whatever the number of units.
    __table_args__ = (
        Index("ix_tally_notice_id_unit_id_period_role", "notice_id", "unit_id", "period", "role"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(8), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    expected: Mapped[int] = mapped_column(default=0)
    filed_on_time: Mapped[int] = mapped_column(default=0)
    filed_late: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    waived: Mapped[int] = mapped_column(default=0)
