"""Reads of 协办材料: of one report, and of one unit that was asked for its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Person, Unit
from tracker.reports.models import Part
from tracker.reports.parts import WANTED
from tracker.tasks.models import Call, Obligation, Task

Rows = Sequence[Row[*tuple[Any, ...]]]


def of_report(obligation_id: int) -> Rows:
    giver = aliased(Person)
    query = (
        select(
            Part.id,
            Part.state,
            Part.words,
            Part.wanted_by,
            Part.text,
            Part.note,
            Part.given_at,
            Unit.name.label("unit"),
            giver.name.label("giver"),
        )
        .join(Unit, Part.unit_id == Unit.id)
        .outerjoin(giver, Part.given_by == giver.id)
        .where(Part.obligation_id == obligation_id)
    )
    return db.session.execute(query.order_by(Part.id)).all()


def asked_of(unit_id: int, *, wanted: bool, after: int = 0, limit: int = 50) -> Rows:
    """What a unit is asked for, the nearest day first; or what it has given already."""
    asker = aliased(Unit)
    query = (
        select(
            Part.id,
            Part.state,
            Part.words,
            Part.wanted_by,
            Part.given_at,
            Notice.short_title,
            func.coalesce(Measure.title, Call.title).label("title"),
            asker.name.label("asker"),
        )
        .join(Obligation, Part.obligation_id == Obligation.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(asker, Part.asker_id == asker.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
        .where(Part.unit_id == unit_id, Part.id > after)
    )
    within = Part.state.in_(WANTED)
    query = query.where(within if wanted else ~within)
    order = (Part.wanted_by, Part.id) if wanted else (Part.id.desc(),)
    return db.session.execute(query.order_by(*order).limit(limit)).all()


def number_wanted(unit_id: int) -> int:
    query = select(func.count()).where(Part.unit_id == unit_id, Part.state.in_(WANTED))
    return db.session.scalar(query) or 0


def part(part_id: int) -> Part | None:
    """With everything its page shows."""
    owed = joinedload(Part.obligation)
    options = [
        joinedload(Part.unit),
        joinedload(Part.asker),
        owed.joinedload(Obligation.notice),
        owed.joinedload(Obligation.call),
        owed.joinedload(Obligation.task).joinedload(Task.measure),
    ]
    return db.session.get(Part, part_id, options=options, populate_existing=True)
