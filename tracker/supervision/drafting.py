"""通报稿 of a month and 情况报告稿 of a quarter: figures and names, as of a day, for the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Unit
from tracker.registry.queries import offices
from tracker.registry.settings import InForce
from tracker.supervision.knowing import AsOf, Known, known
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import number_overdue, overdue
from tracker.supervision.snapshots import NEWLY, OVERDUE, STILL, Page, line_of
from tracker.supervision.summarising import by_unit
from tracker.supervision.timetable import MONTHLY, QUARTERLY, starts
from tracker.tasks.models import Obligation, Task
from tracker.tasks.picking import Picked
from tracker.tasks.states import ACCEPTED
from tracker.tasks.tallying import NOT_EXPECTED, sum_of


def bulletins(asked: AsOf, settings: InForce, late: Lateness) -> Iterator[tuple[Unit, Page]]:
    """Of the month before: what fell due, what came in, and who is late beyond the rung."""
    last = starts(MONTHLY, asked.day) - timedelta(days=1)
    first = starts(MONTHLY, last)
    for office in offices():
        picked = Picked(office=office.id)
        figures = due_within(asked, first, last, picked)
        rows = overdue(asked, picked, limit=None)
        if not figures["expected"] and not rows:
            continue
        yield office, _bulletin(figures, rows, settings, late, first)


def _bulletin(
    figures: dict[str, Any],
    rows: Sequence[Row[Any]],
    settings: InForce,
    late: Lateness,
    first: date,
) -> Page:
    lines = [line_of(row, late=late.of(row.awaited_by)) for row in rows]
    units = by_unit({NEWLY: [], STILL: lines})
    named = [row for row in units if row["late"] >= settings.bulletin_workdays]
    facts = {"month": first.isoformat(), "rung": settings.bulletin_workdays}
    figures |= {"overdue": len(lines), "named": len(named)}
    return Page(figures=figures, lists={OVERDUE: lines}, units=named, facts=facts)


def situations(asked: AsOf) -> Iterator[tuple[Unit, Page]]:
    """Of every office that has something under way."""
    for office in offices():
        page = situation(asked, office.id)
        if page.notices:
            yield office, page


def situation(asked: AsOf, office_id: int) -> Page:
    """Of the quarter before, notice by notice: how far things have come."""
    last = starts(QUARTERLY, asked.day) - timedelta(days=1)
    first = starts(QUARTERLY, last)
    notices = _notices(asked, office_id, first, last)
    names = ("measures", "tasks", "landed", "expected", "on_time", "late", "missing", "overdue")
    totals = {name: sum(row[name] for row in notices) for name in names}
    facts = {"first": first.isoformat(), "last": last.isoformat()}
    return Page(figures=totals, lists={}, notices=notices, facts=facts)


def _notices(asked: AsOf, office_id: int, first: date, last: date) -> list[dict[str, Any]]:
    tasks = (
        select(
            Task.notice_id,
            func.count().label("tasks"),
            sum_of(Task.is_landed.expression).label("landed"),
        )
        .group_by(Task.notice_id)
        .subquery()
    )
    measures = (
        select(Measure.notice_id, func.count().label("measures"))
        .group_by(Measure.notice_id)
        .subquery()
    )
    query = (
        select(Notice.id, Notice.short_title, measures.c.measures, tasks.c.tasks, tasks.c.landed)
        .join(tasks, tasks.c.notice_id == Notice.id)
        .join(measures, measures.c.notice_id == Notice.id)
        .where(Notice.office_id == office_id)
    )
    found = []
    for row in db.session.execute(query.order_by(Notice.id)).all():
        own = Picked(notice=row.id)
        found.append(
            dict(row._mapping)  # noqa: SLF001  the documented way to a row's names
            | due_within(asked, first, last, own)
            | {"overdue": number_overdue(asked, own)}
        )
    return found


def due_within(asked: AsOf, first: date, last: date, picked: Picked) -> dict[str, Any]:
    """What fell due between two days: expected, filed on time, filed late, missing."""
    then = known(asked)
    sums: list[Any] = [sum_of(one).label(name) for name, one in _conditions(then).items()]
    query = then.join(select(*sums).select_from(Obligation))
    query = query.where(_issued().between(first, last), *picked.where(then.unit_id))
    return dict(db.session.execute(query).one()._mapping)  # noqa: SLF001


def ids_within(asked: AsOf, first: date, last: date, picked: Picked) -> Mapping[str, Sequence[int]]:
    """The obligations that `due_within` counts, by what it counts them as."""
    then = known(asked)
    told: list[Any] = [one.label(name) for name, one in _conditions(then).items()]
    query = then.join(select(Obligation.id, *told).select_from(Obligation))
    query = query.where(_issued().between(first, last), *picked.where(then.unit_id))
    rows = db.session.execute(query).mappings().all()
    return {one.name: [row["id"] for row in rows if row[one.name]] for one in told}


def _issued() -> ColumnElement[date]:
    return func.coalesce(Obligation.extended_to, Obligation.due_on)


def _conditions(then: Known) -> dict[str, ColumnElement[bool]]:
    expected = then.status.not_in(NOT_EXPECTED)
    filed = expected & Obligation.first_filed_on.is_not(None)
    return {
        "expected": expected,
        "on_time": filed & Obligation.is_late.is_(False),
        "late": filed & Obligation.is_late.is_(True),
        "missing": expected & Obligation.first_filed_on.is_(None),
        "accepted": then.status == ACCEPTED,
    }
