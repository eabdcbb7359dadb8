"""Opens what tasks owe, in bulk: each (task, kind, period) once, whatever runs how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    select,
    true,
)

from tracker.db import db, insert
from tracker.notices.models import Notice
from tracker.tasks.models import Calendar, Move, Obligation, Task, Tracking
from tracker.tasks.periods import YEAR, Period, period_of, periods
from tracker.tasks.states import (
    CONFIRMATION,
    CONTESTED,
    DISPUTED,
    DUE,
    LEAD,
    OPEN,
    OPENED,
    PLAN,
    PROGRESS,
    STOCKTAKING,
    UNASSIGNED,
)
from tracker.tasks.succeeding import Heirs, heirs_on, in_doubt, whose
from tracker.tasks.tallying import add_opened
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


def open_all(day: date, *, at: datetime, workdays: Workdays, notice_id: int | None = None) -> int:
    """Open everything that has come up by a day, of one notice or of all; how many that made."""
    tracked = db.session.execute(
        select(Tracking, Calendar, Notice.office_id)
        .join(Calendar, Calendar.notice_id == Tracking.notice_id)
        .join(Notice, Notice.id == Tracking.notice_id)
        .where(
            Tracking.starts_on <= day,
            Notice.office_id.is_not(None),
            Notice.id == notice_id if notice_id else true(),
        )
        .order_by(Tracking.notice_id, Calendar.role)
    ).all()
    opened = 0
    for tracking, calendar, office_id in tracked:
        for batch in batches(tracking, calendar, day, workdays):
            opened += _open(batch, office_id, at)
    return opened


def batches(tracking: Tracking, calendar: Calendar, day: date, workdays: Workdays) -> list[Batch]:
    """What one role of one notice owes by a day: plan and stock-taking once, then each period."""
    found = _once(tracking, day, workdays) if calendar.role == LEAD else []
    since = max(tracking.starts_on, calendar.applies_from)
    for period in periods(calendar.cadence, since, day):
        due = workdays.after(period.ends, calendar.due_workdays)
        found.extend(_of_period(tracking.notice_id, calendar.role, period, due))
    return found


def _once(tracking: Tracking, day: date, workdays: Workdays) -> list[Batch]:
    """Counted from the day they are asked for; for a task that came later, from its own day."""
    asked_on = tracking.asked_on or tracking.starts_on
    kinds = [kind for kind, is_asked in _asked(tracking) if is_asked]
    late = _later_beginnings(tracking.notice_id, asked_on, day) if kinds else []
    beginnings: list[tuple[date, ColumnElement[bool]]] = [
        (asked_on, Task.owes_since.is_(None) | (Task.owes_since <= asked_on)),
        *((since, Task.owes_since == since) for since in late),
    ]
    return [
        Batch(
            notice_id=tracking.notice_id,
            role=LEAD,
            kind=kind,
            period="",
            opens_on=since,
            due_on=workdays.after(since, tracking.plan_workdays),
            where=(whose, Task.is_deployed.is_(kind == STOCKTAKING)),
        )
        for since, whose in beginnings
        for kind in kinds
        if since <= day
    ]


def _asked(tracking: Tracking) -> tuple[tuple[str, bool], ...]:
    """A plan of what is to be done; of what is deployed already a stock-taking instead."""
    return ((PLAN, tracking.asks_plan), (STOCKTAKING, tracking.asks_stocktaking))


def _later_beginnings(notice_id: int, asked_on: date, day: date) -> Sequence[date]:
    query = (
        select(Task.owes_since)
        .distinct()
        .where(
            Task.notice_id == notice_id,
            Task.role == LEAD,
            Task.owes_since > asked_on,
            Task.owes_since <= day,
        )
    )
    return [since for since in db.session.scalars(query) if since]


def _of_period(notice_id: int, role: str, period: Period, due: date) -> list[Batch]:
    """Progress each period; a landed task confirms once a year instead."""
    kinds = [(PROGRESS, period.key, Task.is_landed.is_(False))]
    if period.closes_a_year:
        year = period_of(YEAR, period.starts).key
        kinds.append((CONFIRMATION, year, Task.is_landed.is_(True)))
    owed_already = Task.owes_since.is_(None) | (Task.owes_since <= period.starts)
    return [
        Batch(
            notice_id=notice_id,
            role=role,
            kind=kind,
            period=key,
            opens_on=period.starts,
            due_on=due,
            where=(where, owed_already),
        )
        for kind, key, where in kinds
    ]


def _open(batch: Batch, office_id: int | None, at: datetime) -> int:
    """One statement for the obligations, one for the tally, one for their first event.

    Another process may open the same at the same moment: whoever comes second adds nothing.
    """
    last = db.session.scalar(select(func.coalesce(func.max(Obligation.id), 0))) or 0
    heirs = heirs_on(batch.opens_on)
    rows = select(*_values(batch, heirs, office_id)).where(*_which(batch)).order_by(Task.id)
    opening = insert(Obligation).from_select(COLUMNS, rows).on_conflict_do_nothing()
    done = db.session.execute(opening, execution_options={"preserve_rowcount": True})
    opened = int(done.rowcount)  # type: ignore[attr-defined]
    if opened:
        unrecorded = ~exists().where(Move.obligation_id == Obligation.id)
        if batch.kind == PROGRESS:
            add_opened(last, unrecorded)
        _record_opening(last, unrecorded, at)
    return opened


def _values(batch: Batch, heirs: Heirs, office_id: int | None) -> Sequence[Any]:
    held = in_doubt(heirs)
    contested = Task.state == CONTESTED
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
        case((held | contested, null()), else_=literal(batch.due_on)),
        case((held, literal(UNASSIGNED)), (contested, literal(DISPUTED)), else_=literal(DUE)),
        literal(False),
        literal(1),
    ]


def _owing_unit(certain: Mapping[int, int]) -> ColumnElement[int]:
    """The unit that lives on the day: the task's own, or the one that took over from it."""
    unit = whose()
    if not certain:
        return unit
    return case(*[(unit == old, literal(new)) for old, new in certain.items()], else_=unit)


def _which(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """Open tasks that do not owe this yet; a city's own units owe nothing to the province.

    What opens in the middle of a dispute stands still with the rest.
    """
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
        Task.state.in_((OPEN, CONTESTED)),
        ~owed,
        *batch.where,
    )


def _record_opening(after_id: int, unrecorded: ColumnElement[bool], at: datetime) -> None:
    """The first event of each obligation made just now. Those of others have theirs already."""
    rows = select(
        Obligation.id,
        literal(OPENED),
        literal(at),
        Obligation.unit_id,
        Obligation.status,
        Obligation.awaited_by,
        literal(""),
    ).where(Obligation.id > after_id, unrecorded)
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
