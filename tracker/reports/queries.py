"""Reads of reports and of what units owe. Lists select columns, page by key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.notices.queries import PLACE
from tracker.registry.models import City, Person, Unit
from tracker.reports.bodies import Asked, Body
from tracker.reports.calls import asked_in
from tracker.reports.models import (
    Milestone,
    Report,
    ReportMove,
    Review,
    Revision,
)
from tracker.reports.states import FILED
from tracker.tasks.models import Call, Move, Obligation, Task
from tracker.tasks.states import DUE, PROGRESS, RETURNED

MAY = "借鉴"


def owed_rows() -> Select[*tuple[Any, ...]]:
    """An obligation with the words a person knows it by, and its report's state."""
    return (
        select(
            Obligation.id,
            Obligation.kind,
            Obligation.period,
            Obligation.role,
            Obligation.due_on,
            Obligation.extended_to,
            Obligation.awaited_by,
            Obligation.status,
            Obligation.is_late,
            Obligation.first_filed_on,
            Obligation.unit_id,
            Obligation.task_id,
            *PLACE,
            Measure.id.label("measure_id"),
            func.coalesce(Measure.title, Call.title).label("title"),
            Obligation.call_id,
            Unit.name.label("unit"),
            City.name.label("city"),
            Report.id.label("report_id"),
            Report.state.label("report_state"),
            Report.revision,
            Report.review_by,
            Report.written_at,
        )
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(MeasureList, Measure.list_id == MeasureList.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Unit, Obligation.unit_id == Unit.id)
        .outerjoin(City, Obligation.city_id == City.id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
    )


def owed_by(
    unit_id: int,
    *,
    first: date = date.min,
    last: date = date.max,
    after: tuple[date, int] | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """What is awaited from a unit by one of these days, the nearest first, from behind `after`."""
    within = Obligation.awaited_by.between(first, last)
    query = owed_rows().where(Obligation.unit_id == unit_id, within)
    if after:
        day, number = after
        query = query.where(
            (Obligation.awaited_by > day)
            | ((Obligation.awaited_by == day) & (Obligation.id > number))
        )
    query = query.order_by(Obligation.awaited_by, Obligation.id)
    return db.session.execute(query.limit(limit)).all()


def owed_named(obligation_ids: Collection[int]) -> Sequence[Row[Any]]:
    query = owed_rows().where(Obligation.id.in_(obligation_ids))
    return db.session.execute(query.order_by(Obligation.id)).all()


def waiting_for_review(
    office_id: int,
    *,
    after: tuple[date, int] | None = None,
    limit: int = 50,
    notice_id: int | None = None,
    unit_id: int | None = None,
    kind: str = "",
) -> Sequence[Row[Any]]:
    """The office's queue, the reviewer's own nearest deadline first."""
    # The page first, from the reports alone; then its rows. Together they are planned badly.
    own = select(Notice.id).where(Notice.office_id == office_id)
    waiting = select(Report.obligation_id).where(Report.state == FILED, Report.notice_id.in_(own))
    if kind:
        of_kind = Report.obligation_id == Obligation.id
        waiting = waiting.join(Obligation, of_kind).where(Obligation.kind == kind)
    for column, wanted in ((Report.notice_id, notice_id), (Report.unit_id, unit_id)):
        if wanted:
            waiting = waiting.where(column == wanted)
    if after:
        waiting = waiting.where(tuple_(Report.review_by, Report.obligation_id) > after)
    waiting = waiting.order_by(Report.review_by, Report.obligation_id).limit(limit)
    shown = db.session.scalars(waiting).all()
    query = owed_rows().add_columns(Report.reviewer_id).where(Obligation.id.in_(shown))
    return db.session.execute(query.order_by(Report.review_by, Obligation.id)).all()


def reports_filed_to(
    office_id: int, report_ids: Collection[int]
) -> Sequence[tuple[Report, Obligation]]:
    """Of the reports named those that were filed to an office, locked for writing."""
    task = joinedload(Obligation.task).joinedload(Task.measure)
    query = (
        select(Report, Obligation)
        .options(task, joinedload(Obligation.call), joinedload(Obligation.unit))
        .join(Obligation, Report.obligation_id == Obligation.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(Report.id.in_(report_ids), Report.revision > 0, Notice.office_id == office_id)
        .order_by(Report.id)
        .with_for_update(of=(Report, Obligation))
    )
    return [(row.Report, row.Obligation) for row in db.session.execute(query)]


def units_in_review(office_id: int) -> Sequence[tuple[int, str]]:
    """The units of which something waits in the office's queue."""
    query = (
        select(Unit.id, Unit.name)
        .join(Report, Report.unit_id == Unit.id)
        .join(Notice, Report.notice_id == Notice.id)
        .where(Report.state == FILED, Notice.office_id == office_id)
        .distinct()
    )
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Unit.id))]


def number_in_review(office_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Report)
        .join(Notice, Report.notice_id == Notice.id)
        .where(Report.state == FILED, Notice.office_id == office_id)
    )
    return db.session.scalar(query) or 0


def of_task(task_id: int) -> Sequence[Row[Any]]:
    """Everything a task owes or owed, the latest first, with who filed under which name."""
    query = owed_rows().add_columns(
        Obligation.correct_by,
        Obligation.opens_on,
        Report.unit_id.label("report_unit_id"),
        Revision.id.label("revision_id"),
        Revision.stage,
        Revision.percent,
        Revision.body,
        Revision.unit_name,
        Revision.receipt,
        Revision.filed_at,
    )
    latest = (Revision.report_id == Report.id) & (Revision.number == Report.revision)
    query = query.outerjoin(Revision, latest).where(Obligation.task_id == task_id)
    return db.session.execute(query.order_by(Obligation.opens_on.desc(), Obligation.id)).all()


def report_moves_of_task(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(
            ReportMove.event,
            ReportMove.recorded_at,
            ReportMove.note,
            ReportMove.report_id,
            Report.obligation_id,
            Person.name.label("person"),
        )
        .join(Report, ReportMove.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .join(Person, ReportMove.person_id == Person.id)
        .where(Obligation.task_id == task_id)
    )
    return db.session.execute(query.order_by(ReportMove.id)).all()


def filings_of_task(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each revision of a task's reports, as filed under the unit's name then."""
    query = (
        select(
            Revision.report_id,
            Revision.number,
            Revision.receipt,
            Revision.unit_name,
            Revision.received_on,
        )
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.task_id == task_id)
    )
    return db.session.execute(query.order_by(Revision.report_id, Revision.number)).all()


def local_sheet(unit_id: int, notice_id: int, period: str) -> Sequence[Row[Any]]:
    """All progress that a unit owes one notice for a period: the rows of the many-at-once page."""
    query = owed_rows().add_columns(Report.body, Report.version.label("report_version"))
    query = query.where(
        Obligation.unit_id == unit_id,
        Obligation.notice_id == notice_id,
        Obligation.kind == PROGRESS,
        Obligation.period == period,
        Obligation.status.in_((DUE, RETURNED)),
    )
    return db.session.execute(query.order_by(Measure.list_id, Measure.position)).all()


def obligation(obligation_id: int) -> Obligation | None:
    """With everything its page shows."""
    task = joinedload(Obligation.task)
    options = [
        task.joinedload(Task.measure).joinedload(Measure.list),
        task.joinedload(Task.unit),
        joinedload(Obligation.notice).joinedload(Notice.office),
        joinedload(Obligation.call),
        joinedload(Obligation.unit),
        joinedload(Obligation.city),
    ]
    # Loaded anew, so that the options count for what the session knows already too.
    return db.session.get(Obligation, obligation_id, options=options, populate_existing=True)


def asked_of(owed: Obligation) -> Asked:
    """What the form has to know: may it be 不采用, how often was it 无变化, which milestones."""
    if owed.call:
        return asked_in(owed, owed.call)
    task = owed.task
    return Asked(
        kind=owed.kind,
        may_reject=task is not None and task.measure.list.adoption == MAY,
        unchanged_before=_unchanged_before(owed),
        is_first=not _latest_before(owed, limit=1),
        milestones=tuple(milestone.id for milestone in milestones(owed.task_id)),
    )


def _unchanged_before(owed: Obligation) -> int:
    """How many periods just before this one were filed as 无变化, one after the other."""
    count = 0
    for revision in _latest_before(owed, limit=3):
        if not revision.is_unchanged:
            break
        count += 1
    return count


def _latest_before(owed: Obligation, *, limit: int) -> Sequence[Revision]:
    """The last filings of the task's earlier periods, the latest first."""
    if owed.task_id is None:
        return []
    query = (
        select(Revision)
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_id == owed.task_id,
            Obligation.kind == owed.kind,
            Obligation.opens_on < owed.opens_on,
            Revision.number == Report.revision,
        )
        .order_by(Obligation.opens_on.desc())
    )
    return db.session.scalars(query.limit(limit)).all()


def body_before(owed: Obligation) -> Body | None:
    """Last period's text, to be offered again."""
    found = _latest_before(owed, limit=1)
    return Body.of(found[0].body) if found else None


def milestones(task_id: int | None) -> Sequence[Milestone]:
    query = select(Milestone).where(Milestone.task_id == task_id).order_by(Milestone.position)
    return db.session.scalars(query).all()


def report(report_id: int) -> Report | None:
    options = [
        joinedload(Report.unit),
        joinedload(Report.writer),
        joinedload(Report.submitter),
    ]
    return db.session.get(Report, report_id, options=options, populate_existing=True)


def revisions(report_id: int) -> Sequence[Revision]:
    query = select(Revision).options(joinedload(Revision.filer), joinedload(Revision.signer))
    return db.session.scalars(
        query.where(Revision.report_id == report_id).order_by(Revision.number)
    ).all()


def reviews(report_id: int) -> dict[int, Review]:
    """Each revision's review, by the revision."""
    query = (
        select(Review)
        .options(joinedload(Review.reviewer))
        .join(Revision, Review.revision_id == Revision.id)
        .where(Revision.report_id == report_id)
    )
    return {review.revision_id: review for review in db.session.scalars(query)}


def report_moves(report_id: int) -> Sequence[ReportMove]:
    query = select(ReportMove).options(joinedload(ReportMove.person))
    return db.session.scalars(
        query.where(ReportMove.report_id == report_id).order_by(ReportMove.id)
    ).all()


def task_moves(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Everything that happened to what a task owes, the first first: its timeline."""
    person, unit = aliased(Person), aliased(Unit)
    query = (
        select(
            Move.event,
            Move.recorded_at,
            Move.status,
            Move.awaited_by,
            Move.note,
            Obligation.id.label("obligation_id"),
            Obligation.kind,
            Obligation.period,
            person.name.label("person"),
            unit.name.label("unit"),
        )
        .join(Obligation, Move.obligation_id == Obligation.id)
        .join(unit, Move.unit_id == unit.id)
        .outerjoin(person, Move.person_id == person.id)
        .where(Obligation.task_id == task_id)
    )
    return db.session.execute(query.order_by(Move.recorded_at, Move.id)).all()


def receipt(number: str) -> Revision | None:
    query = select(Revision).options(joinedload(Revision.signer), joinedload(Revision.filer))
    return db.session.scalar(query.where(Revision.receipt == number))
