"""Reads of extensions, disputes, closings and checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from tracker.coordinating.models import Check, Closing, Dispute, Extension
from tracker.coordinating.states import ASKED, CLOSED
from tracker.db import db
from tracker.difficulties.models import Difficulty
from tracker.notices.models import Notice
from tracker.registry.models import Person, Unit
from tracker.reports.queries import owed_rows
from tracker.tasks import queries as tasks
from tracker.tasks.models import Obligation, Task

SHOWN = 100

Rows = Sequence[Row[*tuple[Any, ...]]]


def _asked(model: type[Extension] | type[Dispute] | type[Closing]) -> Select[*tuple[Any, ...]]:
    """A request with who asked and who ruled."""
    asker, ruler = aliased(Person), aliased(Person)
    return (
        select(
            model.id,
            model.state,
            model.reason,
            model.note,
            model.asked_at,
            model.ruled_at,
            asker.name.label("asker"),
            ruler.name.label("ruler"),
            Unit.name.label("unit"),
        )
        .join(asker, model.asked_by == asker.id)
        .join(Unit, model.unit_id == Unit.id)
        .outerjoin(ruler, model.ruled_by == ruler.id)
        .order_by(model.id)
    )


def kinds_of_task(task_id: int) -> Row[*tuple[Any, ...]]:
    """Which kinds of requests and records a task has at all: most have none."""
    extended = (
        select(Extension.id)
        .join(Obligation, Extension.obligation_id == Obligation.id)
        .where(Obligation.task_id == task_id)
    )
    query = select(
        extended.exists().label("extensions"),
        exists()
        .where(or_(Dispute.task_id == task_id, Dispute.new_task_id == task_id))
        .label("disputes"),
        exists().where(Closing.task_id == task_id).label("closings"),
        exists().where(Check.task_id == task_id).label("checks"),
        exists().where(Difficulty.task_id == task_id).label("difficulties"),
    )
    return db.session.execute(query).one()


def extensions_of_task(task_id: int) -> Rows:
    query = _asked(Extension).add_columns(
        Extension.obligation_id,
        Extension.asked_from,
        Extension.wished_on,
        Extension.granted_to,
    )
    query = query.join(Obligation, Extension.obligation_id == Obligation.id)
    return db.session.execute(query.where(Obligation.task_id == task_id)).all()


def disputes_of_task(task_id: int) -> Rows:
    """Of the task that was disputed, and of the one that came of it."""
    named, given = aliased(Unit), aliased(Unit)
    query = (
        _asked(Dispute)
        .add_columns(
            Dispute.task_id,
            Dispute.new_task_id,
            named.name.label("named"),
            given.name.label("given"),
        )
        .join(named, Dispute.named_id == named.id)
        .outerjoin(given, Dispute.given_to == given.id)
        .where((Dispute.task_id == task_id) | (Dispute.new_task_id == task_id))
    )
    return db.session.execute(query).all()


def closings_of_task(task_id: int) -> Rows:
    reopener = aliased(Person)
    query = (
        _asked(Closing)
        .add_columns(
            Closing.outcome,
            Closing.reopened_at,
            Closing.reopened_why,
            reopener.name.label("reopener"),
        )
        .outerjoin(reopener, Closing.reopened_by == reopener.id)
        .where(Closing.task_id == task_id)
    )
    return db.session.execute(query).all()


def reopenings(*where: ColumnElement[bool]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The last time that each task was taken up again, and why. Conditions are on Task."""
    query = (
        select(Closing.task_id, Closing.reopened_at, Closing.reopened_why)
        .join(Task, Closing.task_id == Task.id)
        .where(Closing.reopened_at.is_not(None), *where)
    )
    rows = db.session.execute(query.order_by(Closing.reopened_at, Closing.id))
    return {row.task_id: row for row in rows}


def checks_of_task(task_id: int) -> Rows:
    query = (
        select(
            Check.id,
            Check.made_on,
            Check.made_by,
            Check.seen,
            Check.is_fine,
            Check.recorded_at,
            Person.name.label("recorder"),
        )
        .join(Person, Check.recorded_by == Person.id)
        .where(Check.task_id == task_id)
    )
    return db.session.execute(query.order_by(Check.id)).all()


def extensions_by(unit_id: int, *, limit: int = SHOWN) -> Rows:
    """A unit's requests with what they are about, the newest first."""
    query = (
        owed_rows()
        .add_columns(
            Extension.id.label("request_id"),
            Extension.state,
            Extension.reason,
            Extension.note,
            Extension.asked_at,
            Extension.asked_from,
            Extension.wished_on,
            Extension.granted_to,
        )
        .join(Extension, Extension.obligation_id == Obligation.id)
        .where(Extension.unit_id == unit_id)
    )
    return db.session.execute(query.order_by(Extension.id.desc()).limit(limit)).all()


def disputes_by(unit_id: int, *, limit: int = SHOWN) -> Rows:
    named, given = aliased(Unit), aliased(Unit)
    query = (
        tasks.listed()
        .add_columns(
            Dispute.id.label("request_id"),
            Dispute.state.label("request_state"),
            Dispute.reason,
            Dispute.note,
            Dispute.asked_at,
            named.name.label("named"),
            given.name.label("given"),
        )
        .join(Dispute, Dispute.task_id == Task.id)
        .join(named, Dispute.named_id == named.id)
        .outerjoin(given, Dispute.given_to == given.id)
        .where(Dispute.unit_id == unit_id)
    )
    return db.session.execute(query.order_by(Dispute.id.desc()).limit(limit)).all()


def closings_by(unit_id: int, *, limit: int = SHOWN) -> Rows:
    query = _closings().where(Closing.unit_id == unit_id)
    return db.session.execute(query.order_by(Closing.id.desc()).limit(limit)).all()


def closed_in(office_id: int, *, after: int = 0, limit: int) -> Rows:
    """What the office has closed, the latest first, from behind the closing `after`."""
    query = _closings().where(Notice.office_id == office_id, Closing.state == CLOSED)
    if after:
        ruled_at = select(Closing.ruled_at).where(Closing.id == after).scalar_subquery()
        at_once = (Closing.ruled_at == ruled_at) & (Closing.id < after)
        query = query.where((Closing.ruled_at < ruled_at) | at_once)
    latest = Closing.ruled_at.desc(), Closing.id.desc()
    return db.session.execute(query.order_by(*latest).limit(limit)).all()


def _closings() -> Select[*tuple[Any, ...]]:
    return (
        tasks.listed()
        .add_columns(
            Closing.id.label("request_id"),
            Closing.state.label("request_state"),
            Closing.outcome,
            Closing.reason,
            Closing.note,
            Closing.asked_at,
            Closing.ruled_at,
            Closing.reopened_why,
        )
        .join(Closing, Closing.task_id == Task.id)
    )


def closing_of_office(closing_id: int, office_id: int) -> Closing | None:
    query = (
        select(Closing)
        .join(Task, Closing.task_id == Task.id)
        .join(Notice, Task.notice_id == Notice.id)
        .where(Closing.id == closing_id, Notice.office_id == office_id)
    )
    return db.session.scalar(query)


def requested(task_id: int) -> Row[*tuple[Any, ...]]:
    """Whether a task has a closing that waits, or one by which it is closed."""
    query = select(
        func.max(case((Closing.state == ASKED, Closing.id))).label("asked"),
        func.max(case((Closing.state == CLOSED, Closing.id))).label("closed"),
    )
    return db.session.execute(query.where(Closing.task_id == task_id)).one()
