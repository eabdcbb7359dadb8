"""What a task still has open: it cannot be closed over a report, and what is not due yet ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from tracker.days import spelled
from tracker.db import db
from tracker.reports.models import Report
from tracker.reports.states import SIGNING
from tracker.tasks.models import Obligation
from tracker.tasks.periods import owed_name
from tracker.tasks.states import DUE, FILED, RETURNED, UNASSIGNED, Forbidden

SHOWN = 3
OPEN = (DUE, RETURNED, FILED, UNASSIGNED)


@dataclass(frozen=True)
class Unfinished:
    """In sentences: what has to be settled first, and what a closing would end."""

    hinders: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)


def of_task(task_id: int, day: date) -> Unfinished:
    return of_tasks([task_id], day)[task_id]


def of_tasks(task_ids: Collection[int], day: date) -> Mapping[int, Unfinished]:
    """One look for many tasks, the oldest first."""
    found = {task_id: Unfinished() for task_id in task_ids}
    query = (
        select(
            Obligation.task_id,
            Obligation.kind,
            Obligation.period,
            Obligation.status,
            Obligation.awaited_by,
            Report.state,
        )
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.task_id.in_(task_ids),
            or_(Obligation.status.in_(OPEN), Report.state == SIGNING),
        )
        .order_by(Obligation.opens_on, Obligation.id)
    )
    for row in db.session.execute(query) if found else ():
        what = owed_name(row.period, row.kind)
        if why := _hindered(row, day):
            found[row.task_id].hinders.append(f"{what}{why}")
        else:
            found[row.task_id].ends.append(f"{what}（应于{spelled(row.awaited_by)}前报送）")
    return found


def _hindered(row: Row[*tuple[Any, ...]], day: date) -> str:
    """Why nothing can be closed over it; empty for what is not due yet."""
    if row.status == UNASSIGNED:
        return "待明确承接单位"
    if row.status == FILED:
        return "已报送，待审核"
    late = "，已逾期" if row.awaited_by and row.awaited_by < day else ""
    if row.state == SIGNING:
        return f"待承担单位审签{late}"
    if RETURNED in (row.status, row.state):
        return f"已退回，待补正{late}"
    return f"应于{spelled(row.awaited_by)}前报送{late}" if late else ""


def check(task_id: int, day: date, *, what: str) -> None:
    """No report is lost by a closing: each is filed and reviewed before."""
    if hinders := of_task(task_id, day).hinders:
        raise Forbidden(refusal(hinders, what=what))


def refusal(hinders: Collection[str], *, what: str) -> str:
    named = "；".join([*hinders][:SHOWN])
    more = f"；等{len(hinders)}项" if len(hinders) > SHOWN else ""
    return f"这项任务还有没有办结的报告，不能{what}：{named}{more}。请先报送并审核通过。"
