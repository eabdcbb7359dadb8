"""Reads, from the events up to a day, how each obligation of a period stood: for an evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select

from tracker.clock import day_of, end_of
from tracker.db import db
from tracker.notices.models import Notice
from tracker.reports.models import FiledBacking, Report, Review, Revision
from tracker.reports.states import LANDED
from tracker.supervision.scoring import LATE, MISSING, ON_TIME, PENDING, Line
from tracker.supervision.standing import FILINGS, Standing, Step, standing
from tracker.tasks.models import Move, Obligation
from tracker.tasks.periods import within
from tracker.tasks.states import CONFIRMATION, PLAN, PROGRESS

STREAMED = 2_000
EVALUATED = (PROGRESS, CONFIRMATION)


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What one revision adds to the events: whether it came on paper, and what backs it."""

    received_on: date | None
    is_backed: bool


@dataclass(frozen=True, kw_only=True)
class Stood:
    """An obligation with where it stood, and what its last filing had."""

    id: int
    task_id: int
    role: str
    opens_on: date
    standing: Standing
    is_backed: bool


def lines(office_id: int, period: str, as_of: date) -> list[Line]:
    """Every obligation of the office's notices that was owed for the period, as of the day."""
    where = _chosen(office_id, period)
    owed = [one for one in _stood(where, end_of(as_of)) if one.standing.is_owed]
    landed = _landed(where, end_of(as_of))
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
            is_landed=landed.get(one.task_id, False),
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


def _stood(where: tuple[ColumnElement[bool], ...], end: datetime) -> Iterator[Stood]:
    filings = _filings(where, end)
    moves = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.role,
            Obligation.opens_on,
            Move.event,
            Move.recorded_at,
            Move.unit_id,
            Move.status,
            Move.awaited_by,
        )
        .join(Move, Move.obligation_id == Obligation.id)
        .where(*where, Move.recorded_at < end)
        .order_by(Obligation.id, Move.id)
    )
    for _, rows in groupby(_streamed(moves), key=lambda row: row.id):
        told = list(rows)
        sent = filings.get(told[0].id, {})
        stood = standing(_steps(told, sent))
        last = sent.get(stood.filings[-1]) if stood.filings else None
        yield Stood(
            id=told[0].id,
            task_id=told[0].task_id,
            role=told[0].role,
            opens_on=told[0].opens_on,
            standing=stood,
            is_backed=last is not None and last.is_backed,
        )


def _steps(told: list[Row[Any]], filings: Mapping[int, Filing]) -> Iterator[Step]:
    """The n-th filing among the events is the n-th revision."""
    number = 0
    for row in told:
        number += row.event in FILINGS
        sent = filings.get(number) if row.event in FILINGS else None
        yield Step(
            event=row.event,
            day=day_of(row.recorded_at),
            unit_id=row.unit_id,
            status=row.status,
            awaited_by=row.awaited_by,
            received_on=sent.received_on if sent else None,
        )


def _filings(where: tuple[ColumnElement[bool], ...], end: datetime) -> dict[int, dict[int, Filing]]:
    """Each obligation's revisions by number."""
    backed = exists().where(FiledBacking.revision_id == Revision.id)
    query = (
        select(
            Report.obligation_id,
            Revision.number,
            Revision.received_on,
            backed.label("is_backed"),
            Revision.body["documents"].label("documents"),
        )
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(*where, Revision.filed_at < end)
    )
    found: dict[int, dict[int, Filing]] = {}
    for row in _streamed(query):
        filing = Filing(received_on=row.received_on, is_backed=row.is_backed or bool(row.documents))
        found.setdefault(row.obligation_id, {})[row.number] = filing
    return found


def _landed(where: tuple[ColumnElement[bool], ...], end: datetime) -> dict[int, bool]:
    """Whether each task had landed: as its latest period's accepted report said by then."""
    tasks = select(Obligation.task_id).where(*where)
    accepted = (
        select(Obligation.task_id, Revision.stage)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(
            Obligation.task_id.in_(tasks),
            Obligation.kind != PLAN,
            Review.is_accepted,
            Review.decided_at < end,
        )
        .order_by(Obligation.opens_on, Obligation.id, Revision.number)
    )
    return {row.task_id: row.stage == LANDED for row in _streamed(accepted)}


def _streamed(query: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    yield from db.session.execute(query, execution_options={"yield_per": STREAMED})
