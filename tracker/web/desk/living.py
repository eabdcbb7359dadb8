"""A task's life: what happened to it, to what it owes and to its reports, the latest first."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import chain
from typing import Any

from sqlalchemy import Row

from tracker.clock import SHANGHAI
from tracker.days import spelled
from tracker.reports import queries, states as reports
from tracker.tasks import designations, queries as tasks, states
from tracker.tasks.periods import owed_name
from tracker.tasks.states import WAIVERS

# What the report's own events tell more fully.
TOLD_BY_REPORT = frozenset(
    {states.FILE, states.WITHDRAW, states.RETURN, states.ACCEPT, states.CORRECT}
)
INSIDE = frozenset({reports.SUBMIT, reports.TAKE_BACK, reports.SEND_BACK})
FILINGS = frozenset({reports.SIGN, reports.RECORD})


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is owed, and of which of it the visitor may read text, or see the inside.

    Told to who may follow the task, and so may read what its unit asked the office for.
    """

    owed: Sequence[Row[Any]]
    readable: frozenset[int]
    inside: frozenset[int]

    @property
    def names(self) -> dict[int, str]:
        return {row.id: owed_name(row.period, row.kind) for row in self.owed}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry: when, what, of which report, by whom, and what was said."""

    at: datetime
    what: str
    about: str = ""
    who: str = ""
    note: str = ""
    receipt: str = ""
    only_day: bool = False


def timeline(task: Row[Any], told: Told, asked: Iterable[Event] = ()) -> list[Event]:
    own = (_designations(task), _moves(task, told), _reports(task, told), _waivers(task))
    events = [_allocated(task), *chain.from_iterable(own), *asked]
    return sorted(events, key=lambda event: _aware(event.at))[::-1]


def _allocated(task: Row[Any]) -> Event:
    at = datetime.combine(task.allocated_on, time(0), SHANGHAI)
    return Event(at=at, what="交办任务", who=task.printed, only_day=True)


def _designations(task: Row[Any]) -> Iterator[Event]:
    """The office's decisions by which the task arose, ended or came back."""
    was = False
    for told in reversed(designations.told(task.measure_id)):
        decision = told.decision
        if (decision.subject == states.CITIES) != (task.role == states.LOCAL):
            continue
        is_class = decision.class_id == task.unit_id
        name = task.city if task.role == states.LOCAL else task.unit
        now = bool(told.names) if is_class else name in told.names
        if now == was:
            continue
        was = now
        yield Event(
            at=decision.decided_at,
            what=states.DESIGNATION_EVENTS[states.DECIDE if now else states.UNDO],
            about="、".join(told.names) if is_class else name,
            who=f"{told.office}，{told.person}",
            note=f"依据：{decision.source}\n{decision.words}",
        )


def _aware(at: datetime) -> datetime:
    """SQLite hands moments back without their zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moves(task: Row[Any], told: Told) -> Iterator[Event]:
    names, with_report = told.names, {row.id for row in told.owed if row.report_id}
    for move in queries.task_moves(task.id):
        if move.event in TOLD_BY_REPORT and move.obligation_id in with_report:
            continue
        is_opening = move.event == states.OPENED
        note = move.note if move.obligation_id in told.readable else ""
        day = move.awaited_by
        dated = f"应于{spelled(day)}前报送" if day else ""
        yield Event(
            at=move.recorded_at,
            what=states.EVENTS[move.event],
            about=names[move.obligation_id],
            who=move.unit if is_opening else (move.person or ""),
            note="\n".join(filter(None, (dated, note))),
        )


def _reports(task: Row[Any], told: Told) -> Iterator[Event]:
    """The n-th filing of a report is its n-th revision."""
    filings: dict[int, deque[Row[Any]]] = defaultdict(deque)
    for row in queries.filings_of_task(task.id):
        filings[row.report_id].append(row)
    for move in queries.report_moves_of_task(task.id):
        filed = None
        if move.event in FILINGS and filings[move.report_id]:
            filed = filings[move.report_id].popleft()
        if move.event in INSIDE and move.obligation_id not in told.inside:
            continue
        yield _report_event(move, filed, told)


def _report_event(move: Row[Any], filed: Row[Any] | None, told: Told) -> Event:
    readable = move.obligation_id in told.readable
    about = told.names[move.obligation_id]
    if filed:
        about = f"{about} 第{filed.number}稿"
    return Event(
        at=move.recorded_at,
        what=reports.EVENTS[move.event],
        about=about,
        who="，".join(filter(None, (filed.unit_name if filed else "", move.person))),
        note=move.note if readable else "",
        receipt=filed.receipt if filed and readable else "",
    )


def _waivers(task: Row[Any]) -> Iterator[Event]:
    for waiver in tasks.waivers_of(task.id):
        yield Event(
            at=waiver.asked_at,
            what="提出免报",
            who=waiver.asker,
            note=waiver.reason,
        )
        if waiver.ruled_at:
            yield Event(
                at=waiver.ruled_at,
                what=f"免报：{WAIVERS[waiver.state]}",
                who=waiver.ruler or "",
                note=waiver.note,
            )
