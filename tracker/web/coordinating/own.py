"""What is the visitor's own: the unit's tasks, the office's people, numbers from forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask_login import current_user
from sqlalchemy import ColumnElement, Row, or_, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.permissions import OFFICE_SIDE
from tracker.registry.models import Person, PersonRole
from tracker.tasks import queries
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import CONTESTED, OPEN
from tracker.tasks.succeeding import whose

LARGEST_ID = 2**31


def number_in(name: str) -> int | None:
    """A number from a form, or from a file of numbers; what is none is nothing."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) < LARGEST_ID else None


def _theirs() -> ColumnElement[bool]:
    """The unit's tasks, and those of which it owes something since it took over."""
    unit_id = current_user.unit_id
    owed = select(Obligation.task_id).where(Obligation.unit_id == unit_id)
    return or_(whose() == unit_id, Task.id.in_(owed))


def task(task_id: int) -> Task:
    found = db.session.scalar(select(Task).where(Task.id == task_id, _theirs()))
    return found or abort(404)


def tasks() -> Sequence[Row[*tuple[Any, ...]]]:
    """Those that go on."""
    query = queries.listed().where(_theirs(), Task.state.in_((OPEN, CONTESTED)))
    return db.session.execute(query.order_by(Notice.id, Task.id)).all()


def colleagues() -> Sequence[Row[*tuple[int, str]]]:
    """The people of the visitor's office, who can be charged with something."""
    query = (
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.unit_id == current_user.unit_id,
            Person.is_locked.is_(False),
            PersonRole.role.in_(OFFICE_SIDE),
        )
        .distinct()
    )
    return db.session.execute(query.order_by(Person.id)).all()
