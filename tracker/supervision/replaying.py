"""Obligations as their events tell them up to a moment: what stood then, whatever came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select

from tracker.clock import day_of
from tracker.db import db
from tracker.reports.models import FiledBacking, Report, Revision
from tracker.supervision.standing import FILINGS, Standing, Step, standing
from tracker.tasks.models import Move, Obligation

STREAMED = 2_000

Where = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What one revision adds to the events: whether it came on paper, and what backs it."""

    received_on: date | None
    is_backed: bool


@dataclass(frozen=True, kw_only=True)
class Stood:
    """An obligation with where it stood, and what its last filing had."""

    id: int
    task_id: int | None
    notice_id: int
    role: str
    opens_on: date
    due_on: date
    standing: Standing
    is_backed: bool


def stood(where: Where, end: datetime) -> Iterator[Stood]:
    """Each obligation that conditions on Obligation name and that was there by then."""
    filings = _filings(where, end)
    moves = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.notice_id,
            Obligation.role,
            Obligation.opens_on,
            Obligation.due_on,
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
    for _, rows in groupby(streamed(moves), key=lambda row: row.id):
        told = list(rows)
        sent = filings.get(told[0].id, {})
        found = standing(_steps(told, sent))
        last = sent.get(found.filings[-1]) if found.filings else None
        yield Stood(
            id=told[0].id,
            task_id=told[0].task_id,
            notice_id=told[0].notice_id,
            role=told[0].role,
            opens_on=told[0].opens_on,
            due_on=told[0].due_on,
            standing=found,
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


def _filings(where: Where, end: datetime) -> dict[int, dict[int, Filing]]:
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
    for row in streamed(query):
        filing = Filing(received_on=row.received_on, is_backed=row.is_backed or bool(row.documents))
        found.setdefault(row.obligation_id, {})[row.number] = filing
    return found


def streamed(query: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    yield from db.session.execute(query, execution_options={"yield_per": STREAMED})
