"""Gives every responsible unit and every city in scope its task, in two statements."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices.models import Measure, Mention, Notice, Reach
from tracker.registry.models import Unit
from tracker.tasks.models import Task
from tracker.tasks.states import HELD, LOCAL, OPEN, RECORDED

COLUMNS = [
    "measure_id",
    "notice_id",
    "unit_id",
    "city_id",
    "role",
    "position",
    "printed",
    "state",
    "is_deployed",
    "allocated_on",
    "version",
]


def allocate(notice_id: int, on: date) -> None:
    """Make the tasks that a notice's measures ask for; those that exist stay as they are."""
    for rows in (_unit_rows(notice_id, on), _local_rows(notice_id, on)):
        db.session.execute(insert(Task).from_select(COLUMNS, rows))


def _unit_rows(notice_id: int, on: date) -> Select[*tuple[object, ...]]:
    return (
        select(
            Measure.id,
            Measure.notice_id,
            Mention.unit_id,
            null(),
            Mention.role,
            Mention.position,
            Mention.printed,
            case(
                (Notice.is_reference, RECORDED),
                (Unit.kind == "class", HELD),
                else_=OPEN,
            ),
            Measure.is_deployed,
            literal(on),
            literal(1),
        )
        .join(Measure, Mention.measure_id == Measure.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .join(Unit, Mention.unit_id == Unit.id)
        .where(Notice.id == notice_id, ~_allocated(Mention.unit_id, Mention.role))
        .order_by(Measure.list_id, Measure.position, Mention.position)
    )


def _local_rows(notice_id: int, on: date) -> Select[*tuple[object, ...]]:
    """A city's own notice lists its local tasks; only the province's make a city owe something."""
    government = aliased(Unit)
    return (
        select(
            Measure.id,
            Measure.notice_id,
            government.id,
            Reach.city_id,
            cast(literal(LOCAL), String),
            literal(0),
            government.name,
            case((Notice.level == "city", RECORDED), else_=OPEN),
            literal(False),
            literal(on),
            literal(1),
        )
        .join(Measure, Reach.measure_id == Measure.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .join(
            government,
            and_(government.city_id == Reach.city_id, government.kind == "government"),
        )
        .where(
            Notice.id == notice_id,
            Notice.is_reference.is_(False),
            Reach.is_done_already.is_(False),
            ~_allocated(government.id, LOCAL),
        )
        .order_by(Measure.list_id, Measure.position, Reach.city_id)
    )


def _allocated(unit_id: ColumnElement[int] | object, role: object) -> ColumnElement[bool]:
    return exists().where(Task.measure_id == Measure.id, Task.unit_id == unit_id, Task.role == role)
