"""停止跟踪: the office that took a notice up follows it no more; what was filed stays with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from tracker.db import db
from tracker.notices import scoping
from tracker.notices.models import Notice
from tracker.tasks import moving, waiving
from tracker.tasks.ending import AWAITED
from tracker.tasks.following import LONGEST_SOURCE
from tracker.tasks.models import Calendar, Following, Obligation, Task, Tracking, Waiver
from tracker.tasks.moving import By
from tracker.tasks.states import (
    ASKED,
    CONTESTED,
    EXEMPT,
    HELD,
    OPEN,
    REST,
    Forbidden,
)
from tracker.tasks.wording import said

LIVING = (OPEN, HELD, EXEMPT)


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """How many obligations ended, and whose they were."""

    ended: int
    units: frozenset[int]


def standing(notice: Notice, office_id: int) -> Following | None:
    """How the office follows it now; nothing where it came in with its office."""
    query = select(Following).where(
        Following.notice_id == notice.id, Following.stopped_at.is_(None)
    )
    return db.session.scalar(query) if notice.office_id == office_id else None


def why_not(notice: Notice) -> str:
    """What has to be settled first."""
    contested = select(func.count()).where(Task.notice_id == notice.id, Task.state == CONTESTED)
    number = db.session.scalar(contested)
    return f"还有{number}项归属异议没有裁定，请先裁定，再停止跟踪。" if number else ""


def ending(notice_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What would end, by who owes it and what."""
    query = (
        select(
            Obligation.role,
            Obligation.kind,
            func.count().label("number"),
            func.count(Obligation.unit_id.distinct()).label("units"),
        )
        .where(*_owed(notice_id))
        .group_by(Obligation.role, Obligation.kind)
    )
    return db.session.execute(query.order_by(Obligation.role, Obligation.kind)).all()


def _owed(notice_id: int) -> tuple[ColumnElement[bool], ...]:
    """What was called for goes on: a call does not rest on the calendar."""
    return (
        Obligation.notice_id == notice_id,
        Obligation.task_id.is_not(None),
        Obligation.status.in_(AWAITED),
    )


def stop(notice: Notice, following: Following, by: By, *, why: str) -> Stopped:
    """Its tasks are on record only, as before; what lies with the office is still reviewed."""
    if refusal := why_not(notice):
        raise Forbidden(refusal)
    if following.stopped_at is not None or by.person_id is None:
        raise Forbidden(moving.MEANWHILE)
    words = said(why, what="依据", longest=LONGEST_SOURCE)
    following.stopped_by, following.stopped_at, following.stopped_why = by.person_id, by.at, words
    owed = db.session.scalars(select(Obligation).where(*_owed(notice.id)).order_by(Obligation.id))
    ended, note = owed.all(), f"停止跟踪：{words}"
    moving.end_all(ended, by, note=note)
    _rest(notice, by, note)
    return Stopped(ended=len(ended), units=frozenset(one.unit_id for one in ended))


def _rest(notice: Notice, by: By, note: str) -> None:
    asked = select(Waiver).join(Task, Waiver.task_id == Task.id)
    asked = asked.where(Task.notice_id == notice.id, Waiver.state == ASKED)
    waiving.refuse_all(db.session.scalars(asked.order_by(Waiver.id)).all(), by, note=note)
    living = select(Task).where(Task.notice_id == notice.id, Task.state.in_(LIVING))
    moving.move_tasks(db.session.scalars(living.order_by(Task.id)).all(), REST)
    notice.is_reference = True
    scoping.rest(notice)
    for model in (Calendar, Tracking):
        for row in db.session.scalars(select(model).where(model.notice_id == notice.id)).all():
            db.session.delete(row)
    moving.flush()
