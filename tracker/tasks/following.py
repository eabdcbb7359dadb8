"""纳入跟踪: an office takes up a notice that has none, or one that was on record only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices import scoping
from tracker.notices.models import Measure, Notice
from tracker.registry.editing import CLASS
from tracker.registry.models import Person, Unit
from tracker.registry.scopes import WAITING
from tracker.tasks import moving
from tracker.tasks.allocating import allocate
from tracker.tasks.models import Calendar, Following, Obligation, Task, Tracking, Waiver
from tracker.tasks.moving import By
from tracker.tasks.opening import batches, open_all
from tracker.tasks.periods import Period, first_period
from tracker.tasks.scheduling import DEFAULTS, track
from tracker.tasks.states import (
    AWAIT,
    EXCUSE,
    FOLLOW,
    GRANTED,
    HELD,
    LOCAL,
    OPEN,
    OVER,
    RECORDED,
    Forbidden,
)
from tracker.tasks.wording import said
from tracker.workdays import Workdays

LONGEST_SOURCE = 200
DUE_WORKDAYS = 10
LONGEST_WAIT = timedelta(days=366)
CITY_LEVEL = "city"
AGAIN = "重新纳入跟踪"


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Which office takes it up, from which day, on which ground; with the cities in scope or not.

    `with_cities` matters for a notice that was on record only: the others have their scopes.
    """

    office_id: int
    starts_on: date | None
    source: str
    with_cities: bool = False


@dataclass(frozen=True, kw_only=True)
class Owing:
    """What the tasks of one role will owe first, and by when."""

    role: str
    tasks: int
    units: int
    period: Period
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What taking it up would mean, counted from what it did before it was undone."""

    owing: Sequence[Owing]
    opened: int
    held: int
    waiting: int


def why_not(notice: Notice, office_id: int) -> str:
    """Why this office cannot take it up; empty where it can."""
    if not is_free(notice, office_id):
        return "这份通知已有统筹单位，由该单位跟踪。"
    if db.session.get(Tracking, notice.id) is not None:
        return "这份通知已经纳入跟踪，报送周期在报送日历中调整。"
    return ""


def is_free(notice: Notice, office_id: int) -> bool:
    """For the office that supervises it; for every one if nobody does, or stopped following it."""
    return notice.office_id in (None, office_id) or _was_stopped(notice.id)


def _was_stopped(notice_id: int) -> bool:
    latest = select(Following.stopped_at).where(Following.notice_id == notice_id)
    return db.session.scalar(latest.order_by(Following.id.desc()).limit(1)) is not None


def follow(notice: Notice, taking: Taking, by: By, workdays: Workdays) -> int:
    """Its tasks owe from the first period on that begins on the day or later; how many opened."""
    if refusal := why_not(notice, taking.office_id):
        raise Forbidden(refusal)
    if by.person_id is None:
        raise Forbidden("须由具体人员办理。")
    starts_on = _day_that_fits(taking.starts_on, by.day, workdays)
    source = said(taking.source, what="依据", longest=LONGEST_SOURCE)
    was_reference = notice.is_reference
    notice.office_id, notice.is_reference = taking.office_id, False
    moving.flush()
    if was_reference:
        _begin_recorded(notice, with_cities=taking.with_cities)
        if taking.with_cities:
            scoping.resolve(notice)
    allocate(notice.id, by.day)
    track(notice, starts_on=starts_on)
    db.session.add(
        Following(
            notice_id=notice.id,
            office_id=taking.office_id,
            starts_on=starts_on,
            with_cities=taking.with_cities and was_reference,
            was_reference=was_reference,
            source=source,
            person_id=by.person_id,
            recorded_at=by.at,
        )
    )
    db.session.flush()
    again = _owed_again(notice.id, by, workdays)
    return again + open_all(by.day, at=by.at, workdays=workdays, notice_id=notice.id)


def _day_that_fits(day: date | None, today: date, workdays: Workdays) -> date:
    """Nobody is late on the day on which a notice is taken up."""
    if day is None:
        raise Forbidden("请填写开始跟踪的日期。")
    if day > today + LONGEST_WAIT:
        raise Forbidden("开始跟踪的日期不能晚于一年以后。")
    for cadence in DEFAULTS.values():
        period = first_period(cadence, day)
        if workdays.after(period.ends, DUE_WORKDAYS) < today:
            raise Forbidden(
                f"从这一天起跟踪，{period.label}的报告期限已过，一开始就会逾期，请选择较晚的日期。"
            )
    return day


def _begin_recorded(notice: Notice, *, with_cities: bool) -> None:
    """Units that can be asked begin; a class waits until its units are named.

    Local tasks are from an earlier time of following. What was waived then is so still.
    """
    query = select(Task, Unit.kind, _waived().label("is_waived"))
    query = query.join(Unit, Task.unit_id == Unit.id)
    query = query.where(Task.notice_id == notice.id, Task.state == RECORDED)
    if not with_cities or notice.level == CITY_LEVEL:
        query = query.where(Task.role != LOCAL)
    rows = db.session.execute(query.order_by(Task.id)).all()
    moving.move_tasks([task for task, kind, _ in rows if kind != CLASS], FOLLOW)
    moving.move_tasks([task for task, kind, _ in rows if kind == CLASS], AWAIT)
    moving.move_tasks([task for task, _, is_waived in rows if is_waived], EXCUSE)


def _waived() -> ColumnElement[bool]:
    return exists().where(Waiver.task_id == Task.id, Waiver.state == GRANTED)


def _owed_again(notice_id: int, by: By, workdays: Workdays) -> int:
    """Of what ended when it was no longer followed, all that would be opened by now."""
    query = select(Tracking, Calendar).join(Calendar, Calendar.notice_id == Tracking.notice_id)
    opened = [
        and_(
            Obligation.role == batch.role,
            Obligation.kind == batch.kind,
            Obligation.period == batch.period,
            *batch.where,
        )
        for tracking, calendar in db.session.execute(query.where(Tracking.notice_id == notice_id))
        for batch in batches(tracking, calendar, by.day, workdays)
    ]
    ended = (
        select(Obligation)
        .join(Task, Obligation.task_id == Task.id)
        .where(Task.notice_id == notice_id, Task.state == OPEN, Obligation.status == OVER)
        .where(or_(false(), *opened))
        .order_by(Obligation.id)
    )
    found = db.session.scalars(ended).all()
    moving.reopen_all(found, by, day=workdays.after(by.day, DUE_WORKDAYS), note=AGAIN)
    return len(found)


def foreseen(notice: Notice, taking: Taking, by: By, workdays: Workdays) -> Foreseen:
    """It is done, looked at, and undone."""
    tried = db.session.begin_nested()
    try:
        opened = follow(notice, taking, by, workdays)
        return Foreseen(
            owing=_owing(notice.id, workdays),
            opened=opened,
            held=_number(Task, Task.notice_id == notice.id, Task.state == HELD),
            waiting=_number(
                Measure, Measure.notice_id == notice.id, Measure.scope_state == WAITING
            ),
        )
    finally:
        tried.rollback()


def _number(model: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def _owing(notice_id: int, workdays: Workdays) -> list[Owing]:
    query = (
        select(
            Task.role,
            Calendar.cadence,
            Calendar.due_workdays,
            Tracking.starts_on,
            func.count().label("tasks"),
            func.count(Task.unit_id.distinct()).label("units"),
        )
        .join(Tracking, Tracking.notice_id == Task.notice_id)
        .join(Calendar, (Calendar.notice_id == Task.notice_id) & (Calendar.role == Task.role))
        .where(Task.notice_id == notice_id, Task.state == OPEN)
        .group_by(Task.role, Calendar.cadence, Calendar.due_workdays, Tracking.starts_on)
        .order_by(Task.role)
    )
    found = []
    for row in db.session.execute(query):
        period = first_period(row.cadence, row.starts_on)
        found.append(
            Owing(
                role=row.role,
                tasks=row.tasks,
                units=row.units,
                period=period,
                due_on=workdays.after(period.ends, row.due_workdays),
            )
        )
    return found


def history(notice_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who took it up, when, and on which ground, and who stopped it, the latest first.

    Nothing where it came in with its office.
    """
    stopper = aliased(Person)
    query = (
        select(
            Following.starts_on,
            Following.with_cities,
            Following.was_reference,
            Following.source,
            Following.recorded_at,
            Following.stopped_at,
            Following.stopped_why,
            stopper.name.label("stopped_by"),
            Person.name.label("person"),
            Unit.name.label("office"),
        )
        .join(Person, Following.person_id == Person.id)
        .join(Unit, Following.office_id == Unit.id)
        .outerjoin(stopper, Following.stopped_by == stopper.id)
        .where(Following.notice_id == notice_id)
    )
    return db.session.execute(query.order_by(Following.id.desc())).all()


def without_office() -> Sequence[Row[*tuple[Any, ...]]]:
    """The notices that no office supervises: whatever they leave open waits with them."""
    open_scopes = (
        select(func.count())
        .where(Measure.notice_id == Notice.id, Measure.scope_state == WAITING)
        .scalar_subquery()
    )
    held = (
        select(func.count())
        .where(Task.notice_id == Notice.id, Task.state == HELD)
        .scalar_subquery()
    )
    tasks = select(func.count()).where(Task.notice_id == Notice.id).scalar_subquery()
    query = select(
        Notice.slug,
        Notice.title,
        Notice.short_title,
        Notice.is_reference,
        tasks.label("tasks"),
        open_scopes.label("scopes"),
        held.label("held"),
    )
    return db.session.execute(query.where(Notice.office_id.is_(None)).order_by(Notice.id)).all()
