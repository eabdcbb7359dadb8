"""Reads of tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.registry.models import City, Unit
from tracker.tasks.models import Task

STREAMED = 2_000


def every_task() -> Iterator[Row[Any]]:
    """All tasks for an export, streamed in the order of notice, list and number."""
    query = _listed().order_by(Notice.id, MeasureList.position, Measure.position, Task.id)
    result = db.session.execute(query, execution_options={"yield_per": STREAMED})
    yield from result


def _listed() -> Select[*tuple[Any, ...]]:
    """One row a task, with the words a person knows it by."""
    city = aliased(City)
    return (
        select(
            Task.id,
            Task.role,
            Task.position,
            Task.printed,
            Task.state,
            Task.is_deployed,
            Notice.doc_no,
            Notice.short_title,
            Notice.slug,
            MeasureList.position.label("list"),
            MeasureList.adoption,
            Measure.id.label("measure_id"),
            Measure.no,
            Measure.title,
            Unit.id.label("unit_id"),
            Unit.name.label("unit"),
            city.name.label("city"),
        )
        .join(Measure, Task.measure_id == Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Task.notice_id == Notice.id)
        .join(Unit, Task.unit_id == Unit.id)
        .outerjoin(city, Task.city_id == city.id)
    )


def counts_by_notice() -> dict[int, dict[str, int]]:
    """For each notice the number of tasks in each role."""
    query = select(Task.notice_id, Task.role, func.count()).group_by(Task.notice_id, Task.role)
    counts: dict[int, dict[str, int]] = {}
    for notice_id, role, count in db.session.execute(query):
        counts.setdefault(notice_id, {})[role] = count
    return counts


def of_measure(measure_id: int) -> list[Row[Any]]:
    query = _listed().where(Task.measure_id == measure_id)
    return list(db.session.execute(query.order_by(Task.role, Task.position, Task.id)))


def page(
    *,
    after: int,
    limit: int,
    notice_id: int | None = None,
    unit_id: int | None = None,
    city_id: int | None = None,
    role: str | None = None,
    words: str = "",
) -> list[Row[Any]]:
    """One page of tasks by id, from behind `after`; each filter narrows it."""
    query = _listed().where(Task.id > after)
    for column, wanted in (
        (Task.notice_id, notice_id),
        (Task.unit_id, unit_id),
        (Task.city_id, city_id),
        (Task.role, role),
    ):
        if wanted:
            query = query.where(column == wanted)
    if words:
        query = query.where(Measure.title.contains(words, autoescape=True))
    return list(db.session.execute(query.order_by(Task.id).limit(limit)))
