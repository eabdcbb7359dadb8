"""Reports, revisions, reviews, evidence and milestones. What was filed is never changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.audit.keeping import write_once
from tracker.db import Model
from tracker.registry.models import Person, Unit
from tracker.tasks.models import Obligation

Body = dict[str, Any]


class Report(Model):
    """One for each obligation: the text being written, and where it stands."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_unit_id_state_id", "unit_id", "state", "id"),
        Index(
            "ix_report_notice_id_state_review_by_id",
            "notice_id",
            "state",
            "review_by",
            "id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    state: Mapped[str] = mapped_column(String(12))
    body: Mapped[Body] = mapped_column(JSON, default=dict)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(String(1000), default="")
    revision: Mapped[int] = mapped_column(default=0)
    review_by: Mapped[date | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    obligation: Mapped[Obligation] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    writer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[written_by])
    submitter: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[submitted_by])

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Revision(Model):
    """A filing: what was sent, by whom, under which name and number. Append-only."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    body: Mapped[Body] = mapped_column(JSON)
    stage: Mapped[str] = mapped_column(String(12))
    percent: Mapped[int]
    is_unchanged: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(80))
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    receipt: Mapped[str] = mapped_column(String(20), unique=True)
    received_on: Mapped[date | None]
    # By the setting of the day on which it was filed; a later one changes nothing for it.
    review_by: Mapped[date]

    report: Mapped[Report] = relationship(lazy="raise")
    filer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[filed_by])
    signer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[signed_by])


class ReportMove(Model):
    """One event in a report's life inside its unit and the office."""

    __tablename__ = "report_move"
    __table_args__ = (Index("ix_report_move_report_id_id", "report_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    event: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")

    person: Mapped[Person] = relationship(lazy="raise")


class Review(Model):
    """What the office decided about a revision; one for each."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    is_accepted: Mapped[bool]
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    correct_by: Mapped[date | None]
    is_own_unit: Mapped[bool] = mapped_column(default=False)

    reviewer: Mapped[Person] = relationship(lazy="raise")


class Evidence(Model):
    """A file that backs reports; its unit may use it again for other measures."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("unit_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Backing(Model):
    """Evidence that a report being written refers to."""

    __tablename__ = "backing"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


class FiledBacking(Model):
    """Evidence as it was filed with a revision."""

    __tablename__ = "filed_backing"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


class Milestone(Model):
    """A step of an accepted work plan; later reports tick it off."""

    __tablename__ = "milestone"
    __table_args__ = (Index("ix_milestone_task_id_position", "task_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int]
    what: Mapped[str] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(80))
    by_day: Mapped[date]
    done_on: Mapped[date | None]


class Part(Model):
    """协办材料: what another unit gives to a report that is owed by `asker_id`'s unit."""

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("obligation_id", "unit_id"),
        Index("ix_part_unit_id_state_wanted_by_id", "unit_id", "state", "wanted_by", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(500))
    wanted_by: Mapped[date]
    text: Mapped[str] = mapped_column(String(4000), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    obligation: Mapped[Obligation] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[unit_id])
    asker: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[asker_id])

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class ReceiptCount(Model):
    """The last receipt number given in a year."""

    __tablename__ = "receipt_count"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


for _model in (Revision, ReportMove, Review, FiledBacking):
    write_once(_model)
