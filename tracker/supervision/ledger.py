"""台账: every task with how it stands, as of any day, in pages of bounded size.

What is counted are the obligations that `found` finds: the same as every list and number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, exists, func, select

from tracker.clock import day_of
from tracker.db import db
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.difficulties.states import SETTLED, WITHDRAWN
from tracker.notices.models import MeasureList
from tracker.registry.models import Unit
from tracker.reports.models import Report, Revision
from tracker.supervision.knowing import AsOf, Known
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import Key, by_id
from tracker.supervision.selecting import Condition, found, number_where
from tracker.tasks import queries as tasks
from tracker.tasks.models import Obligation, Task
from tracker.tasks.picking import Picked
from tracker.tasks.states import CALL
from tracker.workdays import Workdays

AT_ONCE = 2_000
CLOSED = (SETTLED, WITHDRAWN)


class Entry(NamedTuple):
    """One row: a task, or what a unit was called for. Codes and days, not yet words."""

    notice: str
    list: int | None
    no: str
    title: str
    unit: str
    role: str
    city: str
    adoption: str
    state: str
    period: str
    stage: str
    percent: int | None
    filed_on: date | None
    awaited_by: date | None
    overdue: int
    workdays_late: int
    difficulties: int


@dataclass(frozen=True, kw_only=True)
class Looked:
    """As of when and at which obligations one looks."""

    asked: AsOf
    picked: Picked
    lateness: Lateness


@dataclass(kw_only=True)
class Stood:
    """What is awaited for a task, and who was the last to owe it."""

    unit_id: int | None = None
    opened: tuple[date, int] = (date.min, 0)
    days: list[date] = field(default_factory=list)


def entries(
    asked: AsOf, picked: Picked, workdays: Workdays, *, at_once: int = AT_ONCE
) -> Iterator[Entry]:
    """Tasks in the order of their allocation, then what was called for; read so many at once."""
    looked = Looked(asked=asked, picked=picked, lateness=Lateness(asked.day, workdays))
    units = {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name))}
    last = 0
    while rows := _tasks(looked, last, at_once):
        first, last = rows[0].id, rows[-1].id
        yield from _entries(looked, rows, first, last, units)
    yield from _called(looked, at_once)


def number_of(asked: AsOf, picked: Picked) -> int:
    """How many entries there are."""
    wanted = tasks.listed().where(*_where(asked, picked)).subquery()
    of_tasks = select(func.count()).select_from(wanted).scalar_subquery()
    return db.session.scalar(select(of_tasks + number_where(_of_calls, asked, picked))) or 0


def _tasks(looked: Looked, after: int, at_once: int) -> Sequence[Row[Any]]:
    query = tasks.listed().where(Task.id > after, *_where(looked.asked, looked.picked))
    return db.session.execute(query.order_by(Task.id).limit(at_once)).all()


def _where(asked: AsOf, picked: Picked) -> list[ColumnElement[bool]]:
    """The filters on tasks; a task is a unit's by what it owes, or as allocated if nothing."""
    chosen = (
        (picked.notice, Task.notice_id == picked.notice),
        (picked.city, Task.city_id == picked.city),
        (picked.role, Task.role == picked.role),
        (picked.adoption, MeasureList.adoption == picked.adoption),
        (picked.office, Task.notice_id.in_(tasks.supervised_by(picked.office))),
    )
    where = [condition for wanted, condition in chosen if wanted]
    if not (picked.unit or picked.period or picked.kind):
        return where
    of_task: Condition = lambda _then: Obligation.task_id.is_not(None)  # noqa: E731
    rows = found(of_task, asked, picked, lambda _then: [Obligation.task_id]).subquery()
    owing = Task.id.in_(select(rows.c.task_id))
    if picked.period or picked.kind:
        return [*where, owing]
    bare = (Task.unit_id == picked.unit) & ~exists().where(Obligation.task_id == Task.id)
    return [*where, owing | bare]


def _entries(
    looked: Looked, rows: Sequence[Row[Any]], first: int, last: int, units: Mapping[int, str]
) -> Iterator[Entry]:
    stood, told = _stood(looked, first, last), _told(looked, first, last)
    open_ones = _difficulties(looked, first, last)
    nowhere = Stood()
    for row in rows:
        own, filing = stood.get(row.id, nowhere), told.get(row.id)
        nearest = min(own.days, default=None)
        yield Entry(
            notice=row.short_title,
            list=row.list,
            no=row.no,
            title=row.title,
            unit=units[own.unit_id] if own.unit_id else row.unit,
            role=row.role,
            city=row.city or "",
            adoption=row.adoption,
            state=row.state,
            period=filing.period if filing else "",
            stage=filing.stage if filing else "",
            percent=filing.percent if filing else None,
            filed_on=day_of(filing.filed_at) if filing else None,
            awaited_by=nearest,
            overdue=sum(day < looked.asked.day for day in own.days),
            workdays_late=_late(looked, nearest),
            difficulties=open_ones.get(row.id, 0),
        )


def _late(looked: Looked, awaited_by: date | None) -> int:
    is_late = awaited_by is not None and awaited_by < looked.asked.day
    return looked.lateness.of(awaited_by) if is_late and awaited_by else 0


def _stood(looked: Looked, first: int, last: int) -> dict[int, Stood]:
    rows = found(
        lambda _then: Obligation.task_id.between(first, last),
        looked.asked,
        looked.picked,
        lambda then: [
            Obligation.task_id,
            Obligation.id,
            Obligation.opens_on,
            then.unit_id.label("unit_id"),
            then.awaited_by.label("awaited_by"),
        ],
    )
    own: dict[int, Stood] = {}
    for task_id, number, opens_on, unit_id, awaited_by in db.session.execute(rows):
        one = own.get(task_id)
        if one is None:
            one = own[task_id] = Stood()
        if (opens_on, number) > one.opened:
            one.opened, one.unit_id = (opens_on, number), unit_id
        if awaited_by is not None:
            one.days.append(awaited_by)
    return own


def _told(looked: Looked, first: int, last: int) -> dict[int, Row[Any]]:
    """The latest filing of the latest obligation that was filed."""
    order = (Obligation.opens_on.desc(), Obligation.id, Revision.number.desc())
    nth = func.row_number().over(partition_by=Obligation.task_id, order_by=order).label("nth")
    query = (
        select(
            Obligation.task_id,
            Obligation.period,
            Revision.stage,
            Revision.percent,
            Revision.filed_at,
            nth,
        )
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .where(Obligation.task_id.between(first, last))
    )
    if looked.asked.known is not None:
        query = query.where(Revision.filed_at < looked.asked.known)
    filed = query.subquery()
    rows = db.session.execute(select(filed).where(filed.c.nth == 1))
    return {row.task_id: row for row in rows}


def _difficulties(looked: Looked, first: int, last: int) -> dict[int, int]:
    """How many were not settled then."""
    query = select(Difficulty.task_id, func.count())
    query = query.where(Difficulty.task_id.between(first, last))
    if looked.asked.known is None:
        query = query.where(Difficulty.state.not_in(CLOSED))
    else:
        of_then = (
            select(func.max(DifficultyMove.id))
            .where(DifficultyMove.recorded_at < looked.asked.known)
            .group_by(DifficultyMove.difficulty_id)
        )
        query = query.join(DifficultyMove, DifficultyMove.difficulty_id == Difficulty.id)
        query = query.where(DifficultyMove.id.in_(of_then), DifficultyMove.state.not_in(CLOSED))
    rows = db.session.execute(query.group_by(Difficulty.task_id))
    return {row[0]: row[1] for row in rows}


def _of_calls(_then: Known) -> ColumnElement[bool]:
    return Obligation.call_id.is_not(None)


def _called(looked: Looked, at_once: int) -> Iterator[Entry]:
    """Calls have no task: each of their obligations is a row."""
    after: Key | None = None
    while rows := by_id(_of_calls, looked.asked, looked.picked, after=after, limit=at_once).rows():
        after = (date.min, rows[-1].id)
        yield from (_of_call(looked, row) for row in rows)


def _of_call(looked: Looked, row: Row[Any]) -> Entry:
    return Entry(
        notice=row.short_title,
        list=None,
        no="",
        title=row.title or "",
        unit=row.unit,
        role=CALL,
        city=row.city or "",
        adoption="",
        state="",
        period=row.period,
        stage="",
        percent=None,
        filed_on=None,
        awaited_by=row.awaited_by,
        overdue=int(row.awaited_by is not None and row.awaited_by < looked.asked.day),
        workdays_late=_late(looked, row.awaited_by),
        difficulties=0,
    )
