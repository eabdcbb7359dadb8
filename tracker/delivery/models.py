"""Letters, the messages they go out as, each try, and the robots of units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.registry.models import Person, Unit


class Posted(Model):
    """A letter as it was posted: written once, for all whom it goes to."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(200))
    brief: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300))
    # What it asks its readers to settle (“extension:17”); empty where it only tells.
    waits_for: Mapped[str | None] = mapped_column(String(40), index=True)
    posted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Enclosed(Model):
    """The file that goes along with a letter; here, so that it is stored in one transaction."""

    __tablename__ = "letter_file"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Robot(Model):
    """A group robot of a unit or office, at an address that can be chosen freely."""

    __tablename__ = "robot"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    form: Mapped[str] = mapped_column(String(12), default="wecom")
    base_url: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    # When it was last spoken to, at most a minute's worth, and from when it may be again.
    recent: Mapped[list[str]] = mapped_column(JSON, default=list)
    free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(lazy="raise")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Message(Model):
    """A letter on its way to one person or robot by one channel: never two of the same.

    While it is `sending` it belongs to who claimed it, until the claim runs out.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("letter_id", "recipient", "channel"),
        Index("ix_message_channel_state_next_try_at", "channel", "state", "next_try_at"),
        Index("ix_message_state_id", "state", "id"),
        Index("ix_message_person_id_channel_read_at", "person_id", "channel", "read_at"),
        Index("ix_message_robot_id_id", "robot_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    robot_id: Mapped[int | None] = mapped_column(ForeignKey("robot.id"))
    recipient: Mapped[str] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(254))
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_try_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claim: Mapped[str] = mapped_column(String(32), default="")
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    letter: Mapped[Posted] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
    robot: Mapped[Robot | None] = relationship(lazy="raise")


class Attempt(Model):
    """One try to send, or a person's order to try again, with what was answered."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_message_id_id", "message_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str] = mapped_column(String(8))
    answer: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Choice(Model):
    """Whether a person wants to be told by a channel; without a row they do."""

    __tablename__ = "channel_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    is_on: Mapped[bool]


write_once(Posted)
write_once(Enclosed)
write_once(Attempt)
