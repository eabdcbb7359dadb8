"""Tasks: a measure for one unit."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
    allocated_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    measure: Mapped[Measure] = relationship(lazy="raise")
    notice: Mapped[Notice] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    city: Mapped[City | None] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
