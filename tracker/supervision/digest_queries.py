"""Reads of digests and of the timetable's ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.registry.models import Unit
from tracker.supervision.models import Digest, JobRun, Lease

STREAMED = 500


def digest(digest_id: int) -> Digest | None:
    return db.session.get(Digest, digest_id, options=[joinedload(Digest.recipient)])


def digests_of(
    recipients: Collection[int], *, kind: str = "", before: int = 0, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest first, from before one where it is given, without their pages."""
    query = select(
        Digest.id, Digest.kind, Digest.day, Digest.subject, Unit.name.label("recipient")
    ).join(Unit, Digest.recipient_id == Unit.id)
    query = query.where(Digest.recipient_id.in_(recipients))
    if kind:
        query = query.where(Digest.kind == kind)
    if before:
        query = query.where(Digest.id < before)
    return db.session.execute(query.order_by(Digest.id.desc()).limit(limit)).all()


def every_digest(day: date | None = None) -> Iterator[Row[*tuple[Any, ...]]]:
    query = select(
        Digest.id,
        Digest.kind,
        Digest.day,
        Digest.subject,
        Digest.made_at,
        Unit.name.label("recipient"),
    ).join(Unit, Digest.recipient_id == Unit.id)
    if day:
        query = query.where(Digest.day == day)
    yield from db.session.execute(
        query.order_by(Digest.id), execution_options={"yield_per": STREAMED}
    )


def latest_runs() -> dict[str, JobRun]:
    """The newest slot of each job that ran or was to run."""
    return {run.job: run for run in db.session.scalars(_latest_runs())}


@cache
def _latest_runs() -> Select[*tuple[JobRun]]:
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return select(JobRun).where(JobRun.id.in_(newest))


def runs_of(job: str, *, before: int = 0, limit: int = 50) -> Sequence[JobRun]:
    query = select(JobRun).where(JobRun.job == job)
    if before:
        query = query.where(JobRun.id < before)
    return db.session.scalars(query.order_by(JobRun.id.desc()).limit(limit)).all()


def leader() -> Lease | None:
    return db.session.scalar(select(Lease).limit(1))
