"""The demonstration's year: opens what was owed, period by period, and tells what became of it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from tracker.db import db
from tracker.notices.models import Duty, Notice
from tracker.operations import (
    history_delivery,
    history_matters,
    history_story,
    history_supervision,
    history_urging,
    history_work,
)
from tracker.operations.history_cast import Hands
from tracker.operations.history_days import midnight
from tracker.operations.history_story import Story
from tracker.operations.history_writing import Written, write
from tracker.registry.queries import installation, workdays
from tracker.tasks.models import Calendar, Obligation, Task, Tracking
from tracker.tasks.opening import open_all
from tracker.tasks.periods import QUARTER, period_of, periods
from tracker.tasks.scheduling import PLAN_WORDS

MONTHS_BACK = 15
MONTHS_A_YEAR = 12
OPENING_TAKES = timedelta(minutes=5)


class NotADemonstration(Exception):
    """Made-up history never comes into a real installation."""


def demonstrate(day: date, *, fallback: Hands) -> bool:
    """Fill a demonstration with its history, once; whether this call did it."""
    known = installation()
    if known is None or not known.is_demonstration:
        raise NotADemonstration("本系统不是演示环境，不能载入演示数据。")
    if db.session.scalar(select(Obligation.id).limit(1)):
        return False
    today = min(day, known.started_on)
    story = tell_all(today, fallback=fallback)
    history_matters.tell(story, today)
    history_supervision.tell(today)
    history_urging.tell(today)
    history_delivery.tell(today)
    history_work.tell(today)
    return True


def tell_all(day: date, *, fallback: Hands) -> Story:
    """Everything from the first day of tracking to the eve of `day`, written down."""
    since = first_day(day)
    track_from(since)
    calendar = workdays()
    story = history_story.begin(day, since=since, fallback=fallback, workdays=calendar)
    for opens_on in openings(since, day):
        at = midnight(opens_on) + OPENING_TAKES
        history_story.settle(story, before=at)
        open_all(opens_on, at=at, workdays=calendar)
        history_story.tell(story)
    write(story)
    return story


def write_history(day: date, *, fallback: Hands) -> Written:
    """A history for what is open already and untouched, up to the eve of `day`."""
    since = db.session.scalar(select(Tracking.starts_on).order_by(Tracking.starts_on).limit(1))
    story = history_story.begin(day, since=since or day, fallback=fallback, workdays=workdays())
    history_story.tell(story)
    return write(story)


def first_day(day: date) -> date:
    """Tracking began fifteen months ago, with the quarter of that time."""
    months = day.year * MONTHS_A_YEAR + day.month - 1 - MONTHS_BACK
    back = date(months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
    return period_of(QUARTER, back).starts


def track_from(since: date) -> None:
    """Every notice with an office is followed from that day; one of them asks for plans."""
    followed = select(Tracking.notice_id)
    db.session.execute(update(Calendar).values(applies_from=since))
    db.session.execute(update(Tracking).values(starts_on=since, asked_on=None))
    db.session.execute(update(Task).where(Task.notice_id.in_(followed)).values(allocated_on=since))
    db.session.execute(update(Notice).where(Notice.id.in_(followed)).values(confirmed_on=since))
    asks = select(Duty.notice_id).where(Duty.what.contains(PLAN_WORDS))
    deployed = select(Task.notice_id).where(
        Task.is_deployed, Task.notice_id.in_(followed), Task.notice_id.in_(asks)
    )
    chosen = db.session.scalar(deployed.order_by(Task.notice_id).limit(1))
    db.session.execute(
        update(Tracking)
        .where(Tracking.notice_id == chosen)
        .values(asks_plan=True, asks_stocktaking=True)
    )


def openings(since: date, day: date) -> list[date]:
    """The days on which something opens: the first of each period of any calendar."""
    found = {since}
    for cadence in db.session.scalars(select(Calendar.cadence).distinct()):
        found.update(period.starts for period in periods(cadence, since, day))
    return sorted(opens_on for opens_on in found if opens_on <= day)
