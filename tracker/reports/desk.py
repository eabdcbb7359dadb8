"""Reads for the unit's own desk: what it owes, what came back, what waits for its signer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.registry.models import Person
from tracker.reports.models import (
    Backing,
    Evidence,
    FiledBacking,
    Report,
    Review,
    Revision,
)
from tracker.reports.queries import owed_rows
from tracker.reports.states import EDITABLE, RETURNED, SENT_BACK, SIGNING
from tracker.tasks import states
from tracker.tasks.models import Move, Obligation, Task, Waiver
from tracker.tasks.queries import listed

COLLECTED = (states.DUE, states.RETURNED)


def counts(unit_id: int, *, today: date, soon: date) -> Row[Any]:
    """How much is awaited from a unit, how much of it is overdue or near, and the next day."""
    day = Obligation.awaited_by
    ahead = day >= today
    query = select(
        func.count(day).label("owed"),
        func.sum(case((day < today, 1), else_=0)).label("overdue"),
        func.sum(case((day.between(today, soon), 1), else_=0)).label("near"),
        func.min(case((ahead, day))).label("next_day"),
        # Where it is another one, the next day is one to put something right by.
        func.min(case((ahead & (Obligation.status != states.RETURNED), day))).label("next_filing"),
    )
    return db.session.execute(query.where(Obligation.unit_id == unit_id, day.is_not(None))).one()


def number_waiting(unit_ids: Collection[int]) -> int:
    """How many reports wait for a signature of these units."""
    query = select(func.count()).where(Report.unit_id.in_(unit_ids), Report.state == SIGNING)
    return db.session.scalar(query) or 0


def waiting(
    unit_ids: Collection[int],
    *,
    after: int = 0,
    limit: int = 50,
    slug: str = "",
    period: str = "",
) -> Sequence[Row[Any]]:
    """What waits for a signature of these units, with its text, the first submitted first."""
    query = (
        owed_rows()
        .add_columns(
            Report.body,
            Report.version,
            Report.submitted_by,
            Person.name.label("submitter"),
        )
        .outerjoin(Person, Report.submitted_by == Person.id)
        .where(Report.unit_id.in_(unit_ids), Report.state == SIGNING, Obligation.id > after)
    )
    if slug:
        query = query.where(Notice.slug == slug, Obligation.period == period)
    return db.session.execute(query.order_by(Obligation.id).limit(limit)).all()


def came_back(unit_id: int, *, limit: int = 20) -> Sequence[Row[Any]]:
    """What was returned by the office or by the unit's own signer, and why."""
    why = (
        select(Move.note)
        .where(Move.obligation_id == Obligation.id, Move.event == states.RETURN)
        .order_by(Move.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    inside = (Report.state == SENT_BACK) & (Report.remark != "")
    query = (
        owed_rows()
        .add_columns(case((inside, Report.remark), else_=why).label("why"))
        .where(Obligation.unit_id == unit_id, or_(inside, Report.state == RETURNED))
        .order_by(Obligation.awaited_by, Obligation.id)
    )
    return db.session.execute(query.limit(limit)).all()


def sheets(unit_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The unit's open local progress, counted by notice and period: a page for each."""
    query = (
        select(
            Notice.slug,
            Notice.short_title,
            Obligation.period,
            func.count().label("number"),
            func.sum(case((Report.state == SIGNING, 1), else_=0)).label("signing"),
            func.min(Obligation.awaited_by).label("awaited_by"),
        )
        .join(Notice, Obligation.notice_id == Notice.id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.unit_id == unit_id,
            Obligation.role == states.LOCAL,
            Obligation.kind == states.PROGRESS,
            Obligation.status.in_(COLLECTED),
            # So it is in these states; said, an index goes past all that was accepted.
            Obligation.awaited_by.is_not(None),
        )
        .group_by(Notice.id, Notice.slug, Notice.short_title, Obligation.period)
    )
    day = func.min(Obligation.awaited_by)
    return db.session.execute(query.order_by(day, Notice.id, Obligation.period)).all()


def progress_to_write(unit_id: int, *, limit: int) -> Sequence[Row[Any]]:
    """All progress that a unit may still write, the nearest day first: the rows of its return."""
    query = owed_rows().add_columns(Report.body, Report.version.label("report_version"))
    query = query.where(*_to_write(unit_id)).order_by(Obligation.awaited_by, Obligation.id)
    return db.session.execute(query.limit(limit)).all()


def number_to_write(unit_id: int) -> int:
    query = select(func.count(Obligation.id)).outerjoin(
        Report, Report.obligation_id == Obligation.id
    )
    return db.session.scalar(query.where(*_to_write(unit_id))) or 0


def _to_write(unit_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Obligation.unit_id == unit_id,
        Obligation.kind == states.PROGRESS,
        Obligation.status.in_(COLLECTED),
        Report.state.is_(None) | Report.state.in_(EDITABLE),
    )


def earlier_evidence(unit_id: int, report_id: int, *, limit: int = 100) -> Sequence[Evidence]:
    """The unit's files that this report does not refer to yet, the newest first."""
    used = select(Backing.evidence_id).where(Backing.report_id == report_id)
    query = select(Evidence).where(Evidence.unit_id == unit_id, Evidence.id.not_in(used))
    return db.session.scalars(query.order_by(Evidence.id.desc()).limit(limit)).all()


def evidence_with_ids(ids: Collection[int]) -> Sequence[Evidence]:
    return db.session.scalars(select(Evidence).where(Evidence.id.in_(ids))).all()


def evidence(evidence_id: int) -> Evidence | None:
    return db.session.get(Evidence, evidence_id)


def filed_with(evidence_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The filed reports that a file backs, as much as permissions care about."""
    query = (
        select(
            Obligation.unit_id,
            Obligation.role,
            Obligation.status,
            Notice.office_id,
            Task.measure_id,
        )
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(FiledBacking, FiledBacking.revision_id == Revision.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(FiledBacking.evidence_id == evidence_id)
        .distinct()
    )
    return db.session.execute(query).all()


def measures_led(unit_id: int, measure_ids: Collection[int]) -> frozenset[int]:
    """Those of the measures that a unit leads."""
    query = select(Task.measure_id).where(
        Task.unit_id == unit_id, Task.role == states.LEAD, Task.measure_id.in_(measure_ids)
    )
    return frozenset(db.session.scalars(query))


def latest_revision(report_id: int) -> Revision | None:
    query = select(Revision).where(Revision.report_id == report_id)
    return db.session.scalar(query.order_by(Revision.number.desc()).limit(1))


def accepted_revision(report_id: int) -> Revision | None:
    query = (
        select(Revision)
        .join(Review, Review.revision_id == Revision.id)
        .where(Revision.report_id == report_id, Review.is_accepted)
    )
    return db.session.scalar(query.order_by(Revision.number.desc()).limit(1))


def local_tasks(unit_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """A city's local tasks that are still open, with what it has asked for each last."""
    last = (
        select(func.max(Waiver.id).label("id"), Waiver.task_id).group_by(Waiver.task_id).subquery()
    )
    query = (
        listed()
        .add_columns(
            Waiver.state.label("waiver_state"), Waiver.reason, Waiver.note, Waiver.asked_at
        )
        .outerjoin(last, last.c.task_id == Task.id)
        .outerjoin(Waiver, Waiver.id == last.c.id)
        .where(
            Task.unit_id == unit_id,
            Task.role == states.LOCAL,
            or_(Task.state == states.OPEN, Waiver.id.is_not(None)),
        )
        .order_by(Notice.id, MeasureList.position, Measure.position, Task.id)
    )
    return db.session.execute(query).all()


def tasks_to_ask_for(unit_id: int, ids: Collection[int]) -> Sequence[Task]:
    query = select(Task).where(Task.id.in_(ids), Task.unit_id == unit_id, Task.role == states.LOCAL)
    return db.session.scalars(query.order_by(Task.id)).all()
