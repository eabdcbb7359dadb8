"""Reads of what cities have broken down: by task, by city, and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, func, select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.registry.models import City, Unit
from tracker.tasks.models import Breakdown, Obligation, Task
from tracker.tasks.queries import listed
from tracker.tasks.states import DUE, EXEMPT, LOCAL, OPEN, RETURNED

Rows = Sequence[Row[*tuple[Any, ...]]]


def of_unit(unit_id: int) -> Rows:
    """A city's local tasks in the order of the notices, with what it wrote for each."""
    query = (
        listed()
        .add_columns(Breakdown.lead, Breakdown.lead_id, Breakdown.person, Breakdown.mechanism)
        .outerjoin(Breakdown, Breakdown.task_id == Task.id)
        .where(Task.unit_id == unit_id, Task.role == LOCAL, Task.state.in_((OPEN, EXEMPT)))
        .order_by(Notice.id, MeasureList.position, Measure.position, Task.id)
    )
    return db.session.execute(query).all()


def one(task_id: int) -> Breakdown | None:
    return db.session.get(Breakdown, task_id)


def by_city(office_id: int) -> Rows:
    """For each city, how many of the office's local tasks have a lead department and a person."""
    query = (
        select(
            City.code,
            City.name,
            func.count(Task.id).label("tasks"),
            func.sum(case((Breakdown.task_id.is_not(None), 1), else_=0)).label("named"),
            func.max(Breakdown.written_at).label("written_at"),
        )
        .join(City, Task.city_id == City.id)
        .join(Notice, Task.notice_id == Notice.id)
        .outerjoin(Breakdown, Breakdown.task_id == Task.id)
        .where(Task.role == LOCAL, Task.state.in_((OPEN, EXEMPT)), Notice.office_id == office_id)
        .group_by(City.id, City.code, City.name, City.position)
    )
    return db.session.execute(query.order_by(City.position)).all()


def to_ask(unit_id: int) -> Sequence[tuple[Obligation, int]]:
    """What the city owes now, each with the department that leads it there, where it is a unit."""
    query = (
        select(Obligation, Breakdown.lead_id)
        .join(Breakdown, Breakdown.task_id == Obligation.task_id)
        .where(
            Obligation.unit_id == unit_id,
            Obligation.status.in_((DUE, RETURNED)),
            Breakdown.lead_id.is_not(None),
        )
        .order_by(Obligation.id)
    )
    return [(row.Obligation, row.lead_id) for row in db.session.execute(query)]


def departments(unit_id: int) -> Sequence[str]:
    """The names of the units of the same city, for choosing from."""
    city = select(Unit.city_id).where(Unit.id == unit_id).scalar_subquery()
    query = select(Unit.name).where(Unit.city_id == city, Unit.id != unit_id)
    return db.session.scalars(query.order_by(Unit.id)).all()
