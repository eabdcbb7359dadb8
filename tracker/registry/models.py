"""Cities, units, their names, and people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model


class City(Model):
    """One of the 21 prefecture-level cities of Guangdong."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    position: Mapped[int]
    in_bay_area: Mapped[bool]
    ftz_area: Mapped[str] = mapped_column(String(20), default="")
    sure: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))


class Unit(Model):
    """A body that can be responsible, or a class of bodies that cannot be addressed."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    level: Mapped[str] = mapped_column(String(12), index=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_office: Mapped[bool] = mapped_column(default=False)
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    sure: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    city: Mapped[City | None] = relationship(lazy="raise")
    parent: Mapped[Unit | None] = relationship(remote_side=[id], lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Alias(Model):
    """A name under which a unit is printed."""

    __tablename__ = "alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))


class Succession(Model):
    """A hand-over from one unit to another; the day is empty while nobody knows it."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    day: Mapped[date | None]
    kind: Mapped[str] = mapped_column(String(12))
    sure: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(200), default="")


class Person(Model):
    """Someone who signs in, for the unit they belong to."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    is_locked: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(lazy="raise")
    roles: Mapped[list[PersonRole]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class PersonRole(Model):
    """One of the roles a person has."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class Delegation(Model):
    """代理: a signer names a stand-in for certain days."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]

    signer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[signer_id])
    stand_in: Mapped[Person] = relationship(lazy="raise", foreign_keys=[stand_in_id])


class HolidayYear(Model):
    """A year's 放假安排 as the office uploaded it, before any package knows it."""

    __tablename__ = "holiday_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free: Mapped[list[str]] = mapped_column(JSON)
    worked: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Policy(Model):
    """A security setting that the security administrator may change."""

    __tablename__ = "policy"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class Setting(Model):
    """One supervision setting from a moment on. Never changed: the next row takes over."""

    __tablename__ = "setting"
    __table_args__ = (Index("ix_setting_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SignIn(Model):
    """A try to sign in: what throttling counts, and the history on a person's page."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index("ix_sign_in_account_at", "account", "at"),
        Index("ix_sign_in_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str] = mapped_column(String(12))


class Installation(Model):
    """The one row that says what this installation is: a demonstration, or real."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_demonstration: Mapped[bool]
    started_on: Mapped[date]


write_once(Setting)
