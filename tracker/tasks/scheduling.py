"""The reporting calendar of a notice: defaults, changes, and what a change would mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, select

from tracker.db import db
from tracker.notices.models import Duty, Notice
from tracker.tasks import moving
from tracker.tasks.models import Calendar, Move, Obligation, Tracking
from tracker.tasks.moving import By
from tracker.tasks.periods import (
    HALF,
    QUARTER,
    Period,
    first_period,
    following,
    period_named,
)
from tracker.tasks.states import (
    CONFIRMATION,
    DUE,
    LEAD,
    LOCAL,
    OPENED,
    PLAN,
    PROGRESS,
    RESCHEDULE,
    STOCKTAKING,
)
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
    if notice.office_id is None or notice.is_reference:
        return
    if db.session.get(Tracking, notice.id) is not None:
        return
    duties = _duties(notice.id)
    is_fresh = _is_fresh(notice, starts_on)
    db.session.add(
        Tracking(
            notice_id=notice.id,
            starts_on=starts_on,
            asks_plan=is_fresh and any(PLAN_WORDS in duty.what for duty in duties),
            asks_stocktaking=is_fresh and any(STOCKTAKING_WORDS in duty.what for duty in duties),
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


def start(tracking: Tracking, *, on: date) -> None:
    """The office sets the day from which a notice is followed; its calendars go with it."""
    query = select(Calendar).where(
        Calendar.notice_id == tracking.notice_id, Calendar.applies_from == tracking.starts_on
    )
    for calendar in db.session.scalars(query):
        calendar.applies_from = on
    tracking.starts_on = on
    db.session.flush()


def ask(tracking: Tracking, *, plan: bool, stocktaking: bool, on: date) -> None:
    """Switch work plans and stock-taking on or off; what is new counts from this day."""
    if (plan and not tracking.asks_plan) or (stocktaking and not tracking.asks_stocktaking):
        tracking.asked_on = max(on, tracking.starts_on)
    tracking.asks_plan, tracking.asks_stocktaking = plan, stocktaking
    db.session.flush()


def set_workdays(
    tracking: Tracking, by: By, workdays: Workdays, *, for_plan: int, for_review: int
) -> int:
    """How long a plan and a review may take; what waits for review already keeps its day."""
    tracking.plan_workdays, tracking.review_workdays = for_plan, for_review
    db.session.flush()
    return _once_anew(tracking, by, workdays)


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
        shown.append(Preview(period=period, due_on=due, remark=workdays.remark(due.year)))
        period = following(cadence, period)
    return shown


def takes_effect(calendar: Calendar, cadence: str, day: date) -> date:
    """From when a cadence holds: what is open keeps its period, and no past period is opened."""
    if cadence == calendar.cadence:
        return calendar.applies_from
    last = db.session.scalar(
        select(Obligation.period)
        .where(*_of(calendar), Obligation.kind == PROGRESS)
        .order_by(Obligation.opens_on.desc())
        .limit(1)
    )
    after_last = period_named(last).ends + timedelta(days=1) if last else day
    return max(after_last, day, calendar.applies_from)


def change(
    calendar: Calendar, by: By, workdays: Workdays, *, cadence: str, due_workdays: int
) -> int:
    """Change a calendar, and say how many obligations got another day by it."""
    calendar.applies_from = takes_effect(calendar, cadence, by.day)
    calendar.cadence, calendar.due_workdays = cadence, due_workdays
    db.session.flush()
    return reschedule(calendar, by, workdays)


def reschedule(calendar: Calendar, by: By, workdays: Workdays) -> int:
    """Give future obligations that nobody has touched their new day, and say how many."""

    by_period: dict[str, date] = {}

    def due(obligation: Obligation) -> date:
        key = obligation.period
        if key not in by_period:
            by_period[key] = workdays.after(period_named(key).ends, calendar.due_workdays)
        return by_period[key]

    periodic = Obligation.kind.in_((PROGRESS, CONFIRMATION))
    return _move_days(by, due, *_of(calendar), periodic)


def recompute(by: By, workdays: Workdays) -> int:
    """A year's schedule became known: every untouched future day is computed anew."""
    calendars = db.session.scalars(select(Calendar).order_by(Calendar.notice_id, Calendar.role))
    changed = sum(reschedule(calendar, by, workdays) for calendar in calendars.all())
    trackings = db.session.scalars(select(Tracking).order_by(Tracking.notice_id))
    return changed + sum(_once_anew(tracking, by, workdays) for tracking in trackings.all())


def _once_anew(tracking: Tracking, by: By, workdays: Workdays) -> int:
    def due(obligation: Obligation) -> date:
        return workdays.after(obligation.opens_on, tracking.plan_workdays)

    return _move_days(by, due, *_asked_once(tracking))


def _asked_once(tracking: Tracking) -> tuple[ColumnElement[bool], ...]:
    kinds = Obligation.kind.in_((PLAN, STOCKTAKING))
    return Obligation.notice_id == tracking.notice_id, kinds


def _of(calendar: Calendar) -> tuple[ColumnElement[bool], ...]:
    return Obligation.notice_id == calendar.notice_id, Obligation.role == calendar.role


def would_move(calendar: Calendar, day: date, workdays: Workdays, *, due_workdays: int) -> int:
    """How many untouched obligations would get another day, said before anything is saved."""
    periodic = Obligation.kind.in_((PROGRESS, CONFIRMATION))
    query = (
        select(Obligation.period, Obligation.due_on, func.count().label("number"))
        .where(*_of(calendar), periodic, *_untouched(day))
        .group_by(Obligation.period, Obligation.due_on)
    )
    return sum(
        row.number
        for row in db.session.execute(query)
        if day < workdays.after(period_named(row.period).ends, due_workdays) != row.due_on
    )


def plans_would_move(tracking: Tracking, day: date, workdays: Workdays, *, for_plan: int) -> int:
    """The same for plans and stock-taking, which count from the day they opened."""
    query = (
        select(Obligation.opens_on, Obligation.due_on, func.count().label("number"))
        .where(*_asked_once(tracking), *_untouched(day))
        .group_by(Obligation.opens_on, Obligation.due_on)
    )
    return sum(
        row.number
        for row in db.session.execute(query)
        if day < workdays.after(row.opens_on, for_plan) != row.due_on
    )


def cite(calendar: Calendar, *, origin: str, words: str) -> None:
    """Where a calendar is from: the document's own words, or the office's setting."""
    calendar.origin, calendar.words = origin, words
    db.session.flush()


def _untouched(day: date) -> tuple[ColumnElement[bool], ...]:
    handled = exists().where(
        Move.obligation_id == Obligation.id, Move.event.not_in((OPENED, RESCHEDULE))
    )
    return (
        Obligation.status == DUE,
        Obligation.awaited_by > day,
        Obligation.begun_on.is_(None),
        ~handled,
    )


def _move_days(by: By, due: Callable[[Obligation], date], *where: ColumnElement[bool]) -> int:
    untouched = db.session.scalars(
        select(Obligation).where(*where, *_untouched(by.day)).order_by(Obligation.id)
    )
    days = {obligation: due(obligation) for obligation in untouched}
    moved = {
        obligation: day
        for obligation, day in days.items()
        if day != obligation.due_on and day > by.day
    }
    moving.reschedule(moved, by)
    return len(moved)
