"""The reporting calendar of a notice: defaults, changes, and what a change would mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from tracker.db import db
from tracker.notices.models import Duty, Notice
from tracker.tasks import moving
from tracker.tasks.models import Calendar, Obligation, Tracking
from tracker.tasks.moving import By
from tracker.tasks.periods import (
    HALF,
    QUARTER,
    Period,
    first_period,
    following,
    period_named,
)
from tracker.tasks.states import DUE, LEAD, LOCAL, PROGRESS
from tracker.workdays import Workdays

DEFAULTS: Mapping[str, str] = {LEAD: QUARTER, LOCAL: HALF}
FROM_NOTICE, FROM_OFFICE = "notice", "office"
ORIGINS = {FROM_NOTICE: "文件规定", FROM_OFFICE: "办公室设定"}
PLAN_WORDS, STOCKTAKING_WORDS, PROGRESS_WORDS = "工作方案", "梳理", "报送进展"
SHOWN_PERIODS = 4
DAYS_A_YEAR = 365


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A period and the day by which its report would be due."""

    period: Period
    due_on: date
    remark: str


def track(notice: Notice, *, starts_on: date) -> None:
    """Give a notice with an office its calendar; old notices ask for no plan until switched on."""
    if (
        notice.office_id is None
        or notice.is_reference
        or db.session.get(Tracking, notice.id)
    ):
        return
    duties = _duties(notice.id)
    is_fresh = _is_fresh(notice, starts_on)
    db.session.add(
        Tracking(
            notice_id=notice.id,
            starts_on=starts_on,
            asks_plan=is_fresh and any(PLAN_WORDS in duty.what for duty in duties),
            asks_stocktaking=is_fresh
            and any(STOCKTAKING_WORDS in duty.what for duty in duties),
        )
    )
    words = next((duty.words for duty in duties if PROGRESS_WORDS in duty.what), "")
    for role, cadence in DEFAULTS.items():
        db.session.add(
            Calendar(
                notice_id=notice.id,
                role=role,
                cadence=cadence,
                words=words,
                applies_from=starts_on,
            )
        )
    db.session.flush()


def _duties(notice_id: int) -> Sequence[Duty]:
    return db.session.scalars(select(Duty).where(Duty.notice_id == notice_id)).all()


def _is_fresh(notice: Notice, day: date) -> bool:
    """Issued within a year. Without a printed day the number's year decides, if there is one."""
    if notice.issued_on:
        return (day - notice.issued_on).days <= DAYS_A_YEAR
    year = "".join(filter(str.isdigit, notice.doc_no.partition("〔")[2][:4]))
    return not year or int(year) >= day.year


def preview(
    cadence: str, due_workdays: int, tracked_from: date, day: date, workdays: Workdays
) -> list[Preview]:
    """The next periods and their days, as the calendar's page shows them before it is saved."""
    period = first_period(cadence, tracked_from)
    while period.ends < day:
        period = following(cadence, period)
    shown = []
    for _ in range(SHOWN_PERIODS):
        due = workdays.after(period.ends, due_workdays)
        shown.append(
            Preview(period=period, due_on=due, remark=workdays.remark(due.year))
        )
        period = following(cadence, period)
    return shown


def change(
    calendar: Calendar, by: By, workdays: Workdays, *, cadence: str, due_workdays: int
) -> int:
    """Change a calendar. What is open keeps its period; a new cadence begins after the last one."""
    if cadence != calendar.cadence:
        last = db.session.scalar(
            select(func.max(Obligation.period)).where(*_progress_of(calendar))
        )
        if last:
            calendar.applies_from = period_named(last).ends + timedelta(days=1)
    calendar.cadence, calendar.due_workdays = cadence, due_workdays
    db.session.flush()
    return reschedule(calendar, by, workdays)


def _progress_of(calendar: Calendar) -> tuple[ColumnElement[bool], ...]:
    return (
        Obligation.notice_id == calendar.notice_id,
        Obligation.role == calendar.role,
        Obligation.kind == PROGRESS,
    )


def reschedule(calendar: Calendar, by: By, workdays: Workdays) -> int:
    """Give future obligations that nobody has touched their new day, and say how many."""
    untouched = db.session.scalars(
        select(Obligation).where(
            *_progress_of(calendar),
            Obligation.status == DUE,
            Obligation.awaited_by > by.day,
            Obligation.first_filed_on.is_(None),
            Obligation.extended_to.is_(None),
        )
    )
    changed = 0
    for obligation in untouched:
        due = _due(obligation.period, calendar, workdays)
        if due != obligation.due_on and due > by.day:
            moving.reschedule(obligation, by, day=due)
            changed += 1
    return changed


def _due(period: str, calendar: Calendar, workdays: Workdays) -> date:
    return workdays.after(period_named(period).ends, calendar.due_workdays)
