"""Reads, from the events up to a day, how each obligation of a period stood: for an evaluation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from tracker.clock import end_of
from tracker.notices.models import Notice
from tracker.supervision.landing import landed_by
from tracker.supervision.replaying import stood
from tracker.supervision.scoring import LATE, MISSING, ON_TIME, PENDING, Line
from tracker.supervision.standing import Standing
from tracker.tasks.models import Obligation, Task
from tracker.tasks.periods import within
from tracker.tasks.states import CONFIRMATION, PROGRESS

EVALUATED = (PROGRESS, CONFIRMATION)


def lines(office_id: int, period: str, as_of: date) -> list[Line]:
    """Every obligation of the office's notices that was owed for the period, as of the day."""
    where = _chosen(office_id, period)
    owed = [one for one in stood(where, end_of(as_of)) if one.standing.is_owed]
    of_office = select(Notice.id).where(Notice.office_id == office_id)
    landed = landed_by(end_of(as_of), Task.notice_id.in_(of_office))
    latest = {one.task_id: one.id for one in sorted(owed, key=lambda one: (one.opens_on, one.id))}
    return [
        Line(
            obligation_id=one.id,
            unit_id=one.standing.unit_id,
            role=one.role,
            outcome=_outcome(one.standing, as_of),
            is_reviewed=one.standing.is_first_pass is not None,
            is_first_pass=bool(one.standing.is_first_pass),
            is_backed=one.is_backed and one.standing.filed_on is not None,
            is_latest=latest[one.task_id] == one.id,
            is_landed=one.task_id in landed,
        )
        for one in owed
    ]


def _outcome(stood: Standing, as_of: date) -> str:
    if stood.filed_on is not None:
        return LATE if stood.is_late else ON_TIME
    return MISSING if stood.awaits is not None and stood.awaits < as_of else PENDING


def _chosen(office_id: int, period: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Obligation.period.in_(within(period)),
        Obligation.kind.in_(EVALUATED),
        Obligation.notice_id.in_(select(Notice.id).where(Notice.office_id == office_id)),
    )
