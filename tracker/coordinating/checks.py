"""Reads of on-site checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import aliased

from tracker.coordinating.models import Check, CheckBacking
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import City, Person, Unit
from tracker.reports.models import Evidence
from tracker.tasks.models import Task

Rows = Sequence[Row[*tuple[Any, ...]]]
GOVERNMENT = "government"

_task_unit, _city_unit = aliased(Unit), aliased(Unit)


def _shown() -> Select[*tuple[Any, ...]]:
    """A check with what it looked at; a city stands for its government."""
    office = aliased(Unit)
    return (
        select(
            Check.id,
            Check.made_on,
            Check.made_by,
            Check.seen,
            Check.is_fine,
            Check.recorded_at,
            Check.office_id,
            Check.task_id,
            City.name.label("city"),
            City.code.label("city_code"),
            Measure.title,
            Measure.no,
            Notice.short_title,
            _task_unit.id.label("task_unit_id"),
            _task_unit.name.label("task_unit"),
            _city_unit.id.label("city_unit_id"),
            office.name.label("office"),
            Person.name.label("recorder"),
        )
        .join(office, Check.office_id == office.id)
        .join(Person, Check.recorded_by == Person.id)
        .outerjoin(Task, Check.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(Notice, Task.notice_id == Notice.id)
        .outerjoin(_task_unit, Task.unit_id == _task_unit.id)
        .outerjoin(City, Check.city_id == City.id)
        .outerjoin(_city_unit, (_city_unit.city_id == City.id) & (_city_unit.kind == GOVERNMENT))
    )


def page(*, office_id: int | None, unit_id: int | None, before: int, limit: int) -> Rows:
    """The newest first; those of the office, and those that looked at the unit."""
    mine = [Check.office_id == office_id] if office_id else []
    if unit_id:
        mine += [_task_unit.id == unit_id, _city_unit.id == unit_id]
    query = _shown().where(or_(False, *mine))
    if before:
        query = query.where(Check.id < before)
    return db.session.execute(query.order_by(Check.id.desc()).limit(limit)).all()


def one(check_id: int) -> Row[*tuple[Any, ...]] | None:
    return db.session.execute(_shown().where(Check.id == check_id)).one_or_none()


def files_of(check_id: int) -> Sequence[Evidence]:
    query = select(Evidence).join(CheckBacking, CheckBacking.evidence_id == Evidence.id)
    return db.session.scalars(
        query.where(CheckBacking.check_id == check_id).order_by(Evidence.id)
    ).all()
