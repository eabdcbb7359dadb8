"""Notices, their lists, their measures, and the files these were read from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Model
from tracker.registry.models import City, Unit


class Notice(Model):
    """A document that spreads measures; its office supervises it."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    short_title: Mapped[str] = mapped_column(String(60))
    doc_no: Mapped[str] = mapped_column(String(40), default="")
    issuer: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None]
    level: Mapped[str] = mapped_column(String(12))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    forwards_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    is_reference: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    city: Mapped[City | None] = relationship(lazy="raise")
    office: Mapped[Unit | None] = relationship(lazy="raise")
    forwards: Mapped[Notice | None] = relationship(remote_side=[id], lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Duty(Model):
    """What a notice asks of whom, with the few words it rests on."""

    __tablename__ = "duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    position: Mapped[int]
    who: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(80))


class MeasureList(Model):
    """A numbered table inside a notice; numbers start anew in each."""

    __tablename__ = "measure_list"
    __table_args__ = (UniqueConstraint("notice_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300))
    adoption: Mapped[str] = mapped_column(String(8))
    scope_raw: Mapped[str] = mapped_column(String(200), default="")
    scope_words: Mapped[str] = mapped_column(String(200), default="")

    notice: Mapped[Notice] = relationship(lazy="raise")


class Measure(Model):
    """One row of a list: what is spread. Text stands as printed."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("list_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("measure_list.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    position: Mapped[int]
    no: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(1000))
    gist: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    group: Mapped[str] = mapped_column(String(200), default="")
    section: Mapped[str] = mapped_column(String(200), default="")
    units_raw: Mapped[str] = mapped_column(String(1000))
    is_open_ended: Mapped[bool] = mapped_column(default=False)
    scope_raw: Mapped[str] = mapped_column(String(200), default="")
    scope_state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(1000), default="")
    deadline: Mapped[str] = mapped_column(String(200), default="")
    is_deployed: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    forwards_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    list: Mapped[MeasureList] = relationship(lazy="raise")
    notice: Mapped[Notice] = relationship(lazy="raise")
    source: Mapped[Source | None] = relationship(lazy="raise")
    forwards: Mapped[Measure | None] = relationship(remote_side=[id], lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Mention(Model):
    """A unit as a measure names it: the name as printed, and the unit it was taken for."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("measure_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    position: Mapped[int]
    printed: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(8))


class Reach(Model):
    """A city that a measure's scope comes to; `already` where the notice says it is done there."""

    __tablename__ = "reach"
    __table_args__ = (UniqueConstraint("measure_id", "city_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    is_done_already: Mapped[bool] = mapped_column(default=False)


class Source(Model):
    """A file as it was handed in, known by its hash."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_by: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), index=True)
    decisions: Mapped[str] = mapped_column(Text, default="{}")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Remark(Model):
    """A finding that was confirmed with its document and stays on record."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    code: Mapped[str] = mapped_column(String(24))
    place: Mapped[str] = mapped_column(String(120), default="")
    message: Mapped[str] = mapped_column(String(500))
