"""Opens what tasks owe, in bulk: each (task, kind, period) once, whatever runs how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
)

from tracker.db import db
from tracker.notices.models import Notice
from tracker.tasks.models import Calendar, Move, Obligation, Task, Tracking
from tracker.tasks.periods import YEAR, Period, period_of, periods
from tracker.tasks.states import (
    CONFIRMATION,
    DUE,
    LEAD,
    OPEN,
    OPENED,
    PLAN,
    PROGRESS,
    STOCKTAKING,
    UNASSIGNED,
)
from tracker.tasks.succeeding import Heirs, heirs_on
from tracker.tasks.tallying import rebuild
from tracker.workdays import Workdays

COLUMNS = [
    "task_id",
    "notice_id",
    "unit_id",
    "city_id",
    "role",
    "kind",
    "period",
    "opens_on",
    "due_on",
    "awaited_by",
    "status",
    "is_late",
    "version",
]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Obligations of one kind that open together, for one notice and role."""

    notice_id: int
    role: str
    kind: str
    period: str
    opens_on: date
    due_on: date
    where: tuple[ColumnElement[bool], ...] = ()


def open_all(day: date, *, at: datetime, workdays: Workdays) -> int:
    """Open everything that has come up by a day, and say how many obligations that made."""
    tracked = db.session.execute(
        select(Tracking, Calendar, Notice.office_id)
        .join(Calendar, Calendar.notice_id == Tracking.notice_id)
        .join(Notice, Notice.id == Tracking.notice_id)
        .where(Tracking.starts_on <= day, Notice.office_id.is_not(None))
        .order_by(Tracking.notice_id, Calendar.role)
    ).all()
    opened = 0
    for tracking, calendar, office_id in tracked:
        for batch in batches(tracking, calendar, day, workdays):
            opened += _open(batch, office_id, at)
    return opened


def batches(
    tracking: Tracking, calendar: Calendar, day: date, workdays: Workdays
) -> list[Batch]:
    """What one role of one notice owes by a day: plan and stock-taking once, then each period."""
    found = _once(tracking, calendar.role, workdays)
    since = max(tracking.starts_on, calendar.applies_from)
    for period in periods(calendar.cadence, since, day):
        due = workdays.after(period.ends, calendar.due_workdays)
        found.extend(_of_period(tracking.notice_id, calendar.role, period, due))
    return found


def _once(tracking: Tracking, role: str, workdays: Workdays) -> list[Batch]:
    due = workdays.after(tracking.starts_on, tracking.plan_workdays)
    asked = (
        (tracking.asks_plan, PLAN, ()),
        (tracking.asks_stocktaking, STOCKTAKING, (Task.is_deployed.is_(True),)),
    )
    return [
        Batch(
            notice_id=tracking.notice_id,
            role=role,
            kind=kind,
            period="",
            opens_on=tracking.starts_on,
            due_on=due,
            where=where,
        )
        for is_asked, kind, where in asked
        if is_asked and role == LEAD
    ]


def _of_period(notice_id: int, role: str, period: Period, due: date) -> list[Batch]:
    """Progress each period; a landed task confirms once a year instead."""
    kinds = [(PROGRESS, period.key, Task.is_landed.is_(False))]
    if period.closes_a_year:
        year = period_of(YEAR, period.starts).key
        kinds.append((CONFIRMATION, year, Task.is_landed.is_(True)))
    return [
        Batch(
            notice_id=notice_id,
            role=role,
            kind=kind,
            period=key,
            opens_on=period.starts,
            due_on=due,
            where=(where,),
        )
        for kind, key, where in kinds
    ]


def _open(batch: Batch, office_id: int, at: datetime) -> int:
    """One statement for the obligations, one for their first event, one for the tally."""
    last = db.session.scalar(select(func.coalesce(func.max(Obligation.id), 0))) or 0
    heirs = heirs_on(batch.opens_on)
    rows = (
        select(*_values(batch, heirs, office_id))
        .where(*_which(batch))
        .order_by(Task.id)
    )
    result = db.session.execute(insert(Obligation).from_select(COLUMNS, rows))
    opened = int(result.rowcount)  # type: ignore[attr-defined]
    if opened:
        _record_opening(last, at)
        if batch.kind == PROGRESS:
            rebuild(batch.notice_id, batch.period)
    return opened


def _values(
    batch: Batch, heirs: Heirs, office_id: int
) -> Sequence[ColumnElement[object]]:
    held = Task.unit_id.in_(heirs.uncertain) if heirs.uncertain else literal(False)
    unit = _owing_unit(heirs.certain)
    return [
        Task.id,
        Task.notice_id,
        case((held, literal(office_id)), else_=unit),
        Task.city_id,
        Task.role,
        literal(batch.kind),
        literal(batch.period),
        literal(batch.opens_on),
        literal(batch.due_on),
        case((held, null()), else_=literal(batch.due_on)),
        case((held, literal(UNASSIGNED)), else_=literal(DUE)),
        literal(False),
        literal(1),
    ]


def _owing_unit(certain: Mapping[int, int]) -> ColumnElement[int]:
    """The unit that lives on the day: the task's own, or the one that took over from it."""
    if not certain:
        return Task.unit_id.expression
    return case(
        *[(Task.unit_id == old, literal(new)) for old, new in certain.items()],
        else_=Task.unit_id,
    )


def _which(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """Open tasks that do not owe this yet; a city's own units owe nothing to the province."""
    owed = exists().where(
        and_(
            Obligation.task_id == Task.id,
            Obligation.kind == batch.kind,
            Obligation.period == batch.period,
        )
    )
    return (
        Task.notice_id == batch.notice_id,
        Task.role == batch.role,
        Task.state == OPEN,
        ~owed,
        *batch.where,
    )


def _record_opening(after_id: int, at: datetime) -> None:
    """The first event of each obligation made just now; nobody else writes in this transaction."""
    rows = select(
        Obligation.id,
        literal(OPENED),
        literal(at),
        Obligation.unit_id,
        Obligation.status,
        Obligation.awaited_by,
        literal(""),
    ).where(
        Obligation.id > after_id,
        ~exists().where(Move.obligation_id == Obligation.id),
    )
    columns = [
        "obligation_id",
        "event",
        "recorded_at",
        "unit_id",
        "status",
        "awaited_by",
        "note",
    ]
    db.session.execute(insert(Move).from_select(columns, rows))
