"""单位申请: what waits for an office's ruling, each with the facts it takes to rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased

from tracker.coordinating.models import Check, Closing, Dispute, Extension
from tracker.coordinating.states import ASKED, GRANTED
from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import Person, Unit
from tracker.reports.models import FiledBacking, Report, Review, Revision
from tracker.reports.queries import owed_rows
from tracker.tasks import queries as tasks
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.states import DUE, OPEN, PLAN, RETURNED

Rows = Sequence[Row[*tuple[Any, ...]]]
STILL_AWAITED = (DUE, RETURNED)


def _by_whom(model: Any, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    asker, asking = aliased(Person), aliased(Unit)
    return (
        query.add_columns(
            model.id.label("request_id"),
            model.version.label("request_version"),
            model.reason,
            model.asked_at,
            asker.name.label("asker"),
            asking.name.label("asking_unit"),
        )
        .join(asker, model.asked_by == asker.id)
        .join(asking, model.unit_id == asking.id)
        .where(model.state == ASKED)
        .order_by(model.id)
    )


def extensions(office_id: int, *, limit: int, after: int = 0, only: Collection[int] = ()) -> Rows:
    """Asked for what is still awaited; how often this was put off before."""
    before = aliased(Extension)
    earlier = (
        select(func.count())
        .where(before.obligation_id == Obligation.id, before.state == GRANTED)
        .scalar_subquery()
    )
    query = owed_rows().join(Extension, Extension.obligation_id == Obligation.id)
    query = _by_whom(Extension, query).add_columns(
        Extension.asked_from, Extension.wished_on, earlier.label("earlier")
    )
    query = query.where(Notice.office_id == office_id, Obligation.status.in_(STILL_AWAITED))
    return _some(query.where(Extension.id > after), Extension, limit, only)


def disputes(office_id: int, *, limit: int, after: int = 0, only: Collection[int] = ()) -> Rows:
    """With the unit it names and how much stands still for it."""
    named = aliased(Unit)
    owing = select(func.count()).where(Obligation.task_id == Task.id, Obligation.status != "over")
    query = tasks.listed().join(Dispute, Dispute.task_id == Task.id)
    query = (
        _by_whom(Dispute, query)
        .add_columns(named.name.label("named"), owing.scalar_subquery().label("obligations"))
        .join(named, Dispute.named_id == named.id)
        .where(Notice.office_id == office_id)
    )
    return _some(query.where(Dispute.id > after), Dispute, limit, only)


def closings(office_id: int, *, limit: int, after: int = 0, only: Collection[int] = ()) -> Rows:
    """With the latest accepted report, its evidence, and the checks on the spot."""
    latest = _latest_accepted()
    files = select(func.count()).where(FiledBacking.revision_id == Revision.id)
    seen = select(func.count()).where(Check.task_id == Task.id)
    found = seen.where(Check.is_fine.is_(False))
    query = tasks.listed().join(Closing, Closing.task_id == Task.id)
    query = (
        _by_whom(Closing, query)
        .add_columns(
            Closing.outcome,
            Revision.report_id,
            Revision.filed_at,
            Revision.body,
            files.scalar_subquery().label("files"),
            seen.scalar_subquery().label("checks"),
            found.scalar_subquery().label("faults"),
        )
        .outerjoin(Revision, Revision.id == latest)
        .where(Notice.office_id == office_id, Task.state == OPEN)
    )
    return _some(query.where(Closing.id > after), Closing, limit, only)


def _latest_accepted() -> Any:
    """The number of the revision by which a task stands where it stands."""
    return (
        select(Revision.id)
        .join(Review, Review.revision_id == Revision.id)
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.task_id == Task.id, Obligation.kind != PLAN, Review.is_accepted)
        .order_by(Obligation.opens_on.desc(), Obligation.id.desc(), Revision.number.desc())
        .limit(1)
        .correlate(Task)
        .scalar_subquery()
    )


def waivers(office_id: int, *, limit: int, after: int = 0, only: Collection[int] = ()) -> Rows:
    asker = aliased(Person)
    query = (
        tasks.listed()
        .add_columns(
            Waiver.id.label("request_id"),
            Waiver.version.label("request_version"),
            Waiver.reason,
            Waiver.asked_at,
            asker.name.label("asker"),
            Unit.name.label("asking_unit"),
        )
        .join(Waiver, Waiver.task_id == Task.id)
        .join(asker, Waiver.asked_by == asker.id)
        .where(Waiver.state == ASKED, Notice.office_id == office_id, Task.state == OPEN)
        .order_by(Waiver.id)
    )
    return _some(query.where(Waiver.id > after), Waiver, limit, only)


def _some(query: Select[*tuple[Any, ...]], model: Any, limit: int, only: Collection[int]) -> Rows:
    if only:
        query = query.where(model.id.in_(only))
    return db.session.execute(query.limit(limit)).all()


def number_of_extensions(office_id: int) -> ColumnElement[int]:
    query = (
        select(func.count())
        .select_from(Extension)
        .join(Obligation, Extension.obligation_id == Obligation.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(Extension.state == ASKED, Obligation.status.in_(STILL_AWAITED))
    )
    return query.where(Notice.office_id == office_id).scalar_subquery()


def number_of_disputes(office_id: int) -> ColumnElement[int]:
    return _number(Dispute, office_id)


def number_of_closings(office_id: int) -> ColumnElement[int]:
    return _number(Closing, office_id, Task.state == OPEN)


def number_of_waivers(office_id: int) -> ColumnElement[int]:
    return _number(Waiver, office_id, Task.state == OPEN)


def numbers(office_id: int) -> dict[str, int]:
    """How many of each kind wait, in one look."""
    query = select(
        number_of_extensions(office_id).label("extension"),
        number_of_disputes(office_id).label("dispute"),
        number_of_closings(office_id).label("closing"),
        number_of_waivers(office_id).label("waiver"),
    )
    return dict(db.session.execute(query).mappings().one())


def _number(model: Any, office_id: int, *where: ColumnElement[bool]) -> ColumnElement[int]:
    query = (
        select(func.count())
        .select_from(model)
        .join(Task, model.task_id == Task.id)
        .join(Notice, Task.notice_id == Notice.id)
        .where(model.state == ASKED, Notice.office_id == office_id, *where)
    )
    return query.scalar_subquery()
