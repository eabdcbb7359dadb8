"""Reminders, urges and bulletins as entries of a task's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from tracker.clock import SHANGHAI
from tracker.days import spelled
from tracker.supervision import queries, reminding, states
from tracker.supervision.numbering import numbered
from tracker.web.desk.living import Event, Told

# What the office does before anything leaves it is for the office alone.
WITHIN = frozenset({states.PROPOSE, states.AMEND, states.DISMISS, states.LAPSE})


def events(task: Row[Any], told: Told, *, is_office: bool) -> Iterator[Event]:
    yield from _reminders(task, told)
    for _, rows in groupby(queries.urge_moves_of_task(task.id), key=lambda row: row.id):
        several = list(rows)
        if several[0].event not in WITHIN or is_office:
            yield _urge_event(several, told, is_office=is_office)
    for _, lines in groupby(queries.bulletins_of_task(task.id), key=lambda row: row.id):
        yield _bulletin_event(list(lines), told)


def _reminders(task: Row[Any], told: Told) -> Iterator[Event]:
    for day, rows in groupby(reminding.of_task(task.id), key=lambda row: row.day):
        at = datetime.combine(day, time(8), SHANGHAI)
        yield Event(at=at, what="提醒", about=_named(rows, told), only_day=True)


def _urge_event(several: list[Row[Any]], told: Told, *, is_office: bool) -> Event:
    row = several[0]
    has_left = row.number and row.event not in WITHIN
    number = numbered(row) if has_left else ""
    who = {states.ISSUE: f"主送{row.unit_name}", states.ACKNOWLEDGE: row.unit_name}
    who[states.REPLY] = row.unit_name
    said = [_reply(one) for one in several if row.event == states.REPLY and one.words]
    dated = f"请于{spelled(row.reply_by)}前回复" if row.event == states.ISSUE else ""
    readable = is_office or all(one.obligation_id in told.readable for one in several)
    note = [dated, row.note, *said] if readable else [dated]
    return Event(
        at=row.recorded_at,
        what=f"{states.URGE_EVENTS[row.event]}{number}",
        about=_named(several, told),
        who="，".join(filter(None, (who.get(row.event, ""), row.person))),
        note="\n".join(filter(None, note)),
    )


def _reply(row: Row[Any]) -> str:
    return f"{row.words}（预计{spelled(row.expected_on)}报送）"


def _bulletin_event(lines: list[Row[Any]], told: Told) -> Event:
    row = lines[0]
    return Event(
        at=row.issued_at,
        what=f"通报点名（{numbered(row)}）",
        about=_named(lines, told),
        who=row.office_name,
        note=f"点名{row.unit_name}，已逾期{max(one.workdays_late for one in lines)}个工作日",
    )


def _named(rows: Iterable[Row[Any]], told: Told) -> str:
    names = told.names
    return "、".join(names[row.obligation_id] for row in rows if row.obligation_id in names)
