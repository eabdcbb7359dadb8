"""Digests and the timetable's ledger; reminders, urges, bulletins, evaluations as of their day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.registry.models import Unit
from tracker.tasks.models import Obligation


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


class Reminder(Model):
    """提醒: a unit's digest of a day named an obligation, awaited by the day it then was."""

    __tablename__ = "reminder"

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    awaited_by: Mapped[date]


class Urge(Model):
    """催办单: one unit is asked, by number, for what is late. Without a number until it is sent."""

    __tablename__ = "urge"
    __table_args__ = (
        UniqueConstraint("office_id", "year", "number"),
        Index("ix_urge_office_id_state_id", "office_id", "state", "id"),
        Index("ix_urge_unit_id_state_id", "unit_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    # Under which names it was written, whatever the two are called later.
    office_name: Mapped[str] = mapped_column(String(80))
    unit_name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    # What the number begins with: the office's own mark, or its name, as it was then.
    mark: Mapped[str] = mapped_column(String(100), default="")
    year: Mapped[int | None]
    number: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(1000))
    reply_by: Mapped[date]
    proposed_on: Mapped[date]
    issued_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[unit_id])

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Urged(Model):
    """An obligation that an urge covers, as it stood when the urge was written."""

    __tablename__ = "urged"
    __table_args__ = (
        # Only one open urge holds an obligation: of the others this column is empty.
        UniqueConstraint("obligation_id", "is_held"),
    )

    urge_id: Mapped[int] = mapped_column(ForeignKey("urge.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    is_held: Mapped[bool | None] = mapped_column(default=True)
    was_awaited_by: Mapped[date]
    workdays_late: Mapped[int]
    reminders: Mapped[int]
    # Proposed by rule, and not in the paper that was sent.
    is_left_out: Mapped[bool] = mapped_column(default=False)

    obligation: Mapped[Obligation] = relationship(lazy="raise")


class UrgeMove(Model):
    """One event in an urge's life. Never changed, never removed."""

    __tablename__ = "urge_move"
    __table_args__ = (Index("ix_urge_move_urge_id_id", "urge_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    urge_id: Mapped[int] = mapped_column(ForeignKey("urge.id"))
    event: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")


class UrgeReply(Model):
    """What the unit answered about one of the obligations, and by when it will be filed."""

    __tablename__ = "urge_reply"
    __table_args__ = (Index("ix_urge_reply_obligation_id", "obligation_id"),)

    urge_id: Mapped[int] = mapped_column(ForeignKey("urge.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))
    expected_on: Mapped[date]
    replied_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PaperCount(Model):
    """The last number an office gave in a year to a kind of paper."""

    __tablename__ = "paper_count"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    paper: Mapped[str] = mapped_column(String(12), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Bulletin(Model):
    """通报: how far everything is as of a day, and who is named. Figures never change."""

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("office_id", "as_of"),
        UniqueConstraint("office_id", "year", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    office_name: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    state: Mapped[str] = mapped_column(String(12))
    mark: Mapped[str] = mapped_column(String(100), default="")
    year: Mapped[int | None]
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    opening: Mapped[str] = mapped_column(String(4000))
    demands: Mapped[str] = mapped_column(String(4000))
    # The totals and a row for each unit, as counted on the day.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    issued_on: Mapped[date | None]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class BulletinLine(Model):
    """One obligation of a bulletin's annex, in the words of the day; its unit may be named."""

    __tablename__ = "bulletin_line"
    __table_args__ = (
        Index("ix_bulletin_line_obligation_id", "obligation_id"),
        Index("ix_bulletin_line_unit_id_bulletin_id", "unit_id", "bulletin_id"),
    )

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(80))
    notice: Mapped[str] = mapped_column(String(80))
    measure: Mapped[str] = mapped_column(String(1000))
    owed: Mapped[str] = mapped_column(String(40))
    awaited_by: Mapped[date]
    workdays_late: Mapped[int]
    urges: Mapped[int]
    is_named: Mapped[bool] = mapped_column(default=False)


class Evaluation(Model):
    """评估 of one period, frozen as of a day, with the weights it was scored by."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("office_id", "period", "as_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[str] = mapped_column(String(8))
    as_of: Mapped[date]
    weights: Mapped[dict[str, int]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Units see their own figures from then on.
    shown_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class EvaluationRow(Model):
    """A unit's figures in one role: what its lines add up to, and the score."""

    __tablename__ = "evaluation_row"

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    unit_name: Mapped[str] = mapped_column(String(80))
    expected: Mapped[int]
    on_time: Mapped[int]
    late: Mapped[int]
    missing: Mapped[int]
    pending: Mapped[int]
    reviewed: Mapped[int]
    first_pass: Mapped[int]
    backed: Mapped[int]
    tasks: Mapped[int]
    landed: Mapped[int]
    # Tenths of a point, empty where nothing can be scored.
    score: Mapped[int | None]


class EvaluationLine(Model):
    """One obligation as an evaluation counted it: what every figure opens to."""

    __tablename__ = "evaluation_line"
    __table_args__ = (
        Index("ix_evaluation_line_unit", "evaluation_id", "unit_id", "role", "obligation_id"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(8))
    # on_time, late, missing or pending.
    outcome: Mapped[str] = mapped_column(String(8))
    is_reviewed: Mapped[bool]
    is_first_pass: Mapped[bool]
    is_backed: Mapped[bool]
    # Of a task's obligations the latest stands for the task.
    is_latest: Mapped[bool]
    is_landed: Mapped[bool]


for _model in (Reminder, UrgeMove, UrgeReply, EvaluationRow, EvaluationLine):
    write_once(_model)
write_once(Digest)
