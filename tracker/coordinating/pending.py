"""What a unit has asked for and its office has not ruled on yet, of every kind in one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, union_all

from tracker.coordinating.models import Closing, Dispute, Extension
from tracker.coordinating.states import ASKED, CLOSINGS, DISPUTES, EXTENSIONS
from tracker.db import db
from tracker.notices.models import Measure
from tracker.tasks.models import Call, Obligation, Task, Waiver
from tracker.tasks.states import WAIVERS

KINDS = {"extension": "延期", "dispute": "归属异议", "closing": "销号", "waiver": "免报"}
STATES = {
    "extension": EXTENSIONS[ASKED],
    "dispute": DISPUTES[ASKED],
    "closing": CLOSINGS[ASKED],
    "waiver": WAIVERS[ASKED],
}


def of_unit(unit_id: int, *, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The oldest first."""
    found = union_all(
        _extensions().where(Extension.unit_id == unit_id),
        _of_task("dispute", Dispute).where(Dispute.unit_id == unit_id),
        _of_task("closing", Closing).where(Closing.unit_id == unit_id),
        _of_task("waiver", Waiver).where(Task.unit_id == unit_id),
    ).subquery()
    number = func.count().over().label("number")
    query = select(found, number).order_by(found.c.asked_at, found.c.kind, found.c.id)
    return db.session.execute(query.limit(limit)).all()


def _extensions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal("extension").label("kind"),
            Extension.id.label("id"),
            Extension.asked_at.label("asked_at"),
            func.coalesce(Measure.title, Call.title).label("title"),
        )
        .join(Obligation, Extension.obligation_id == Obligation.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
        .where(Extension.state == ASKED)
    )


def _of_task(kind: str, model: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(literal(kind), model.id, model.asked_at, Measure.title)
        .join(Task, model.task_id == Task.id)
        .join(Measure, Task.measure_id == Measure.id)
        .where(model.state == ASKED)
    )
