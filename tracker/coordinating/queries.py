"""Reads of extensions, disputes, closings and checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from tracker.coordinating.models import Check, Closing, Dispute, Extension
from tracker.db import db
from tracker.registry.models import Person, Unit
from tracker.tasks.models import Obligation

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
