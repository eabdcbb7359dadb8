"""How tasks stand: the stage they reported last, and what is awaited of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from tracker.coordinating.queries import reopenings
from tracker.coordinating.states import CLOSINGS, REOPENED as AGAIN
from tracker.db import db
from tracker.reports.models import Report, Revision
from tracker.reports.states import STAGES
from tracker.supervision.scoring import HALF
from tracker.tasks.lights import light
from tracker.tasks.models import Obligation, Task
from tracker.tasks.tallying import sum_of

REOPENED, UNREPORTED = CLOSINGS[AGAIN], "尚未报送"


@dataclass(frozen=True, kw_only=True)
class Stand:
    """One task. `awaited_by` is the nearest day of all that is awaited; empty while nothing is."""

    stage: str = ""
    percent: int | None = None
    # Closed and taken up again since: what was reported before counts no more.
    is_reopened: bool = False
    awaited_by: date | None = None
    overdue: int = 0

    @property
    def word(self) -> str:
        return REOPENED if self.is_reopened else STAGES.get(self.stage, UNREPORTED)

    def light(self, *, day: date, soon: date) -> str:
        return light(self.awaited_by, day=day, soon=soon)


@dataclass(frozen=True)
class Stands:
    """By task; who has neither reported nor been asked stands nowhere."""

    by_task: Mapping[int, Stand] = field(default_factory=dict)

    def of(self, task_id: int) -> Stand:
        return self.by_task.get(task_id, Stand())


def stands(day: date, *where: ColumnElement[bool]) -> Stands:
    """For the tasks that conditions on Task name; three queries however many these are."""
    days, again = awaited(day, *where), reopenings(*where)
    told = {row.task_id: row for row in db.session.execute(_told(*where))}
    void = {
        task_id
        for task_id, row in again.items()
        if task_id in told and told[task_id].filed_at <= row.reopened_at
    }
    counts = {task_id: row for task_id, row in told.items() if task_id not in void}
    return Stands(
        {
            task_id: Stand(
                stage=counts[task_id].stage if task_id in counts else "",
                percent=counts[task_id].percent if task_id in counts else None,
                is_reopened=task_id in void,
                awaited_by=days[task_id].awaited_by if task_id in days else None,
                overdue=days[task_id].overdue if task_id in days else 0,
            )
            for task_id in days.keys() | told.keys()
        }
    )


def awaited(day: date, *where: ColumnElement[bool]) -> Mapping[int, Row[Any]]:
    """By task the nearest day of all that is awaited, and how much of it is overdue."""
    query = select(
        Obligation.task_id,
        func.min(Obligation.awaited_by).label("awaited_by"),
        sum_of(Obligation.awaited_by < day).label("overdue"),
    ).join(Task, Obligation.task_id == Task.id)
    query = query.where(Obligation.awaited_by.is_not(None), *where)
    rows: Iterable[Row[Any]] = db.session.execute(query.group_by(Obligation.task_id))
    return {row.task_id: row for row in rows}


def _told(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The latest filing of the latest report that was filed.

    Whether one was filed is told by its filings: an index knows them, and no text is read.
    """
    order = (Obligation.opens_on.desc(), Obligation.id)
    nth = func.row_number().over(partition_by=Obligation.task_id, order_by=order).label("nth")
    filed = (
        select(Obligation.task_id, Report.id.label("report_id"), nth)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Task, Obligation.task_id == Task.id)
        .where(exists().where(Revision.report_id == Report.id), *where)
        .subquery()
    )
    latest = (Revision.report_id == Report.id) & (Revision.number == Report.revision)
    query = select(
        filed.c.task_id, Revision.stage, Revision.percent, Revision.filed_at
    ).select_from(filed)
    query = query.join(Report, Report.id == filed.c.report_id).join(Revision, latest)
    return query.where(filed.c.nth == 1)


def middle(numbers: Iterable[int | None]) -> int | None:
    """The median of what is known, rounded half up."""
    known = [number for number in numbers if number is not None]
    return int(median(known) + HALF) if known else None
