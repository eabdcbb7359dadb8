"""单位提醒: what each unit is told on a workday morning, if there is anything to tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from tracker.clock import day_of
from tracker.db import db
from tracker.supervision.at_hand import of_units
from tracker.supervision.knowing import AsOf, Known, known
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import rows_of
from tracker.supervision.since import Since
from tracker.supervision.snapshots import (
    CHANGED,
    FRESH,
    NEAR,
    OVERDUE,
    Line,
    Page,
    line_of,
    with_matters,
)
from tracker.tasks import states
from tracker.tasks.models import Move, Obligation
from tracker.tasks.states import EVENTS
from tracker.workdays import Workdays

# What a unit did itself it need not be told.
OWN = (states.FILE, states.WITHDRAW, states.CORRECT, states.DISPUTE)
AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Morning:
    """One morning: the day, how it is known, since when, and by when a day counts as near."""

    asked: AsOf
    since: Since
    soon: date
    soon_then: date
    near: int
    is_full: bool
    until: datetime

    @property
    def day(self) -> date:
        return self.asked.day

    def is_fresh(self, awaited_by: date) -> bool:
        """Due today, or with a light that changed since units were told last."""
        newly_late = self.since.day <= awaited_by < self.day
        newly_near = self.soon_then < awaited_by <= self.soon
        return awaited_by == self.day or newly_late or newly_near


def morning(
    asked: AsOf, *, since: Since, near: int, is_full: bool, until: datetime, workdays: Workdays
) -> Morning:
    return Morning(
        asked=asked,
        since=since,
        soon=workdays.after(asked.day, near),
        soon_then=workdays.after(since.day, near),
        near=near,
        is_full=is_full,
        until=until,
    )


def units_to_tell(this: Morning) -> list[int]:
    """All units with something to say to: two queries."""
    then = known(this.asked)
    days = then.join(select(then.unit_id, then.awaited_by).select_from(Obligation))
    days = days.where(then.awaited_by <= this.soon).distinct()
    found = {
        unit_id
        for unit_id, awaited_by in db.session.execute(days)
        if this.is_full or this.is_fresh(awaited_by)
    }
    moved = select(Move.unit_id).where(*_changed(this)).distinct()
    # The week's full list also goes to whom other things than reports wait for.
    at_hand = of_units() if this.is_full and this.asked.is_live else ()
    return sorted(found | set(db.session.scalars(moved)) | set(at_hand))


def pages(this: Morning, unit_ids: Sequence[int], late: Lateness) -> Iterator[tuple[int, Page]]:
    """Each unit's page; as many queries for a hundred units as for one."""
    for start in range(0, len(unit_ids), AT_ONCE):
        some = unit_ids[start : start + AT_ONCE]
        awaited, changed, later = _awaited(this, some), _changes(this, some), _later(this, some)
        matters = of_units(some) if this.asked.is_live else {}
        for unit_id in some:
            page = _page(this, awaited[unit_id], changed[unit_id], later[unit_id], late)
            yield unit_id, with_matters(page, matters.get(unit_id, ()))


class Named(NamedTuple):
    """An obligation that a digest calls to mind: a reminder."""

    id: int
    unit_id: int
    awaited_by: date


def named(page: Page) -> list[Named]:
    """What counts as reminded: all late or near with the week's full list, else what is new.

    A letter always lists all of it; being listed beside what is new is no reminder by itself.
    """
    which = (OVERDUE, NEAR) if page.facts["is_full"] else (FRESH,)
    return [
        Named(line.obligation, line.unit_id, date.fromisoformat(line.day))
        for name in which
        for line in page.of(name)
    ]


def _page(
    this: Morning,
    awaited: Sequence[Row[Any]],
    changed: Sequence[Row[Any]],
    later: int,
    late: Lateness,
) -> Page:
    lines = [line_of(row, late=late.of(row.awaited_by)) for row in awaited]
    today = this.day.isoformat()
    lists: Mapping[str, Sequence[Line]] = {
        OVERDUE: [line for line in lines if line.day < today],
        NEAR: [line for line in lines if line.day >= today],
        FRESH: [
            line for line, row in zip(lines, awaited, strict=True) if this.is_fresh(row.awaited_by)
        ],
        CHANGED: [_told(row) for row in changed],
    }
    figures = {name: len(found) for name, found in lists.items()}
    figures |= {
        "returned": sum(line.status == states.RETURNED for line in lines),
        "today": sum(line.day == today for line in lines),
        "later": later,
    }
    facts = {"is_full": this.is_full, "near": this.near, "since": this.since.day.isoformat()}
    return Page(figures=figures, lists=lists, facts=facts)


def _told(row: Row[Any]) -> Line:
    event = EVENTS[row.event]
    remark = f"{event}：{row.note}" if row.note else event
    return line_of(row, late=0, day=day_of(row.recorded_at), remark=remark)


def _awaited(this: Morning, unit_ids: Collection[int]) -> Mapping[int, list[Row[Any]]]:
    then = known(this.asked)
    query = rows_of(then).where(then.awaited_by <= this.soon, then.unit_id.in_(unit_ids))
    return _by_unit(db.session.execute(query.order_by(then.awaited_by, Obligation.id)))


def _changes(this: Morning, unit_ids: Collection[int]) -> Mapping[int, list[Row[Any]]]:
    """With the unit and the state as each event left them."""
    then = Known.by(Move, lambda query: query.join(Move, Move.obligation_id == Obligation.id))
    query = rows_of(then).add_columns(Move.event, Move.note, Move.recorded_at)
    query = query.where(*_changed(this), Move.unit_id.in_(unit_ids))
    return _by_unit(db.session.execute(query.order_by(Move.id)))


def _changed(this: Morning) -> list[Any]:
    return [
        Move.recorded_at >= this.since.moment,
        Move.recorded_at < this.until,
        Move.event.not_in(OWN),
        # What nobody can be asked for yet is held by the office, and is none of a unit's.
        Move.status != states.UNASSIGNED,
    ]


def _later(this: Morning, unit_ids: Collection[int]) -> Mapping[int, int]:
    """How much is awaited after the days that count as near."""
    then = known(this.asked)
    query = then.join(select(then.unit_id, func.count().label("later")).select_from(Obligation))
    query = query.where(then.awaited_by > this.soon, then.unit_id.in_(unit_ids))
    counted = db.session.execute(query.group_by(then.unit_id))
    return defaultdict(int, {row.unit_id: row.later for row in counted})


def _by_unit(rows: Any) -> Mapping[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    return found
