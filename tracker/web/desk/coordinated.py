"""What a unit and its office settled between them, as entries of a task's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import Row

from tracker.coordinating import queries
from tracker.coordinating.states import (
    CLOSINGS,
    DISPUTES,
    EXTENSIONS,
    GRANTED,
    OUTCOMES,
    UPHELD,
)
from tracker.days import spelled
from tracker.difficulties import queries as difficulties
from tracker.difficulties.kinds import KINDS
from tracker.difficulties.states import EVENTS
from tracker.tasks.models import Task
from tracker.tasks.states import CLOSED, LEAD, OPEN
from tracker.web.desk.living import Event, Told


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something the visitor can ask for, or do about the whole task."""

    word: str
    href: str


def acts(task: Row[Any], inside: frozenset[int]) -> list[Act]:
    """For the unit's people what they may ask for, for the office what it may do."""
    found: list[Act] = []
    is_own = current_user.unit_id == task.unit_id or bool(inside)
    if is_own and current_user.may("ask office"):
        found += _unit_acts(task)
    if current_user.unit_id != task.office_id:
        return found
    if current_user.may("record checks"):
        found.append(Act(word="记录核查", href=url_for("checks.new", task=task.id)))
    if task.state == CLOSED and current_user.may("rule matters"):
        closing_id = queries.requested(task.id).closed
        href = url_for("matters.reopening", closing_id=closing_id)
        found.append(Act(word="撤销销号", href=href))
    return found


def _unit_acts(task: Row[Any]) -> Iterator[Act]:
    if task.state == OPEN:
        yield Act(word="提出需协调事项", href=url_for("difficulties.new", task=task.id))
        yield Act(word="申请销号", href=url_for("requests.close", task_id=task.id))
        if task.role == LEAD:
            yield Act(word="提出归属异议", href=url_for("requests.dispute", task_id=task.id))


def reopened(task_id: int, owed: Sequence[Row[Any]]) -> Row[Any] | None:
    """The reopening behind which no report was filed: what was reported before counts no more."""
    found = queries.reopenings(Task.id == task_id).get(task_id)
    last = max((row.filed_at for row in owed if row.filed_at), default=None)
    return found if found and (last is None or last <= found.reopened_at) else None


def events(task: Row[Any], told: Told) -> Iterator[Event]:
    there = queries.kinds_of_task(task.id)
    if there.extensions:
        yield from _extensions(task, told)
    if there.disputes:
        yield from _disputes(task)
    if there.closings:
        yield from _closings(task)
    if there.checks:
        yield from _checks(task)
    if there.difficulties:
        yield from _difficulties(task)


def _ruled(row: Row[Any], what: str, *, about: str = "") -> Iterator[Event]:
    if row.ruled_at:
        yield Event(at=row.ruled_at, what=what, about=about, who=row.ruler or "", note=row.note)


def _asking(row: Row[Any], what: str, *, about: str = "", dated: str = "") -> Event:
    note = "\n".join(filter(None, (dated, row.reason)))
    return Event(at=row.asked_at, what=what, about=about, who=f"{row.unit}，{row.asker}", note=note)


def _extensions(task: Row[Any], told: Told) -> Iterator[Event]:
    for row in queries.extensions_of_task(task.id):
        about = told.names.get(row.obligation_id, "")
        wished = f"希望由{spelled(row.asked_from)}延至{spelled(row.wished_on)}"
        yield _asking(row, "申请延期", about=about, dated=wished)
        given = f"，延至{spelled(row.granted_to)}" if row.state == GRANTED else ""
        yield from _ruled(row, f"延期：{EXTENSIONS[row.state]}{given}", about=about)


def _disputes(task: Row[Any]) -> Iterator[Event]:
    for row in queries.disputes_of_task(task.id):
        if row.new_task_id == task.id:
            yield Event(
                at=row.ruled_at,
                what="接办任务",
                about=f"由{row.unit}转来",
                who=row.ruler or "",
                note=row.note,
            )
            continue
        yield _asking(row, "提出归属异议", dated=f"认为应由{row.named}承担")
        given = f"，改由{row.given}承担" if row.state == UPHELD else ""
        yield from _ruled(row, f"归属异议：{DISPUTES[row.state]}{given}")


def _closings(task: Row[Any]) -> Iterator[Event]:
    for row in queries.closings_of_task(task.id):
        yield _asking(row, "申请销号", about=OUTCOMES[row.outcome])
        word = CLOSINGS["closed" if row.reopened_at else row.state]
        yield from _ruled(row, f"销号：{word}")
        if row.reopened_at:
            yield _reopened(row, row.reopened_at)


def _reopened(row: Row[Any], at: datetime) -> Event:
    return Event(at=at, what="撤销销号", who=row.reopener or "", note=row.reopened_why)


def _checks(task: Row[Any]) -> Iterator[Event]:
    for row in queries.checks_of_task(task.id):
        result = "未发现问题" if row.is_fine else "发现问题"
        seen = f"{spelled(row.made_on)}，{row.made_by}：{row.seen}"
        yield Event(
            at=row.recorded_at,
            what=f"督查核查：{result}",
            who=row.recorder,
            note=seen,
        )


def _difficulties(task: Row[Any]) -> Iterator[Event]:
    for row in difficulties.moves_of_task(task.id):
        yield Event(
            at=row.recorded_at,
            what=f"需协调事项：{EVENTS[row.event]}",
            about=KINDS[row.kind],
            who=row.person,
            note=row.note,
        )
