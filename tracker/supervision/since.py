"""Since when something is told: the last time it was, so that nothing falls between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from tracker.clock import start_of
from tracker.db import db
from tracker.supervision.knowing import AsOf
from tracker.supervision.models import JobRun
from tracker.supervision.running import DONE
from tracker.supervision.timetable import WEEKLY, starts
from tracker.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Since:
    """The day that was told last, and the moment up to which it was known then."""

    day: date
    moment: datetime

    @property
    def asked(self) -> AsOf:
        return AsOf(day=self.day, known=self.moment)


def last_told(job: str, day: date) -> Since | None:
    """By the last run for a day before this one that ended well."""
    query = (
        select(JobRun.slot, JobRun.known_until)
        .where(
            JobRun.job == job,
            JobRun.slot < day,
            JobRun.state == DONE,
            JobRun.known_until.is_not(None),
        )
        .order_by(JobRun.slot.desc())
    )
    row = db.session.execute(query.limit(1)).one_or_none()
    if row is None or row.known_until is None:
        return None
    known = row.known_until
    return Since(day=row.slot, moment=known if known.tzinfo else known.replace(tzinfo=UTC))


def workday_before(day: date, workdays: Workdays) -> Since:
    day -= timedelta(days=1)
    while not workdays.is_workday(day):
        day -= timedelta(days=1)
    return Since(day=day, moment=start_of(day))


def week_before(day: date, workdays: Workdays) -> Since:
    first = workdays.on_or_after(starts(WEEKLY, starts(WEEKLY, day) - timedelta(days=1)))
    return Since(day=first, moment=start_of(first))
