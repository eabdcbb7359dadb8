"""Reorganisations: what is open goes to whoever took over from its unit; undone, it goes back.

Whose an obligation should be follows from the unit it was opened for or given to by a person, and
from what is known of successions. Settling moves whatever stands elsewhere: twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.queries import names_of_units
from tracker.tasks import moving
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.moving import By, HandedOver
from tracker.tasks.states import DISPUTED, DUE, HAND_OVER, OPEN, RETURNED, UNASSIGNED, Forbidden
from tracker.tasks.succeeding import Heirs, heirs_on, whose
from tracker.workdays import Workdays

LATER_WORKDAYS = 10
# What somebody is at work on stays with them until a person has chosen.
KEPT_IN_DOUBT = (RETURNED, DISPUTED)
NOTE = "按单位职责承接关系调整"
NOTHING = "没有应报事项需要调整。"


@dataclass(frozen=True, kw_only=True)
class Change:
    """An obligation that should be another unit's; nobody's while a person has to choose."""

    obligation_id: int
    unit_id: int | None
    office_id: int
    was_held: bool


def changes(day: date) -> list[Change]:
    """What the successions known now would move, as of a day."""
    heirs = heirs_on(day)
    found = []
    for row in _candidates(heirs):
        owner = _owner(row, heirs)
        current = None if row.status == UNASSIGNED else row.unit_id
        if owner != current and not (owner is None and row.status in KEPT_IN_DOUBT):
            found.append(
                Change(
                    obligation_id=row.id,
                    unit_id=owner,
                    office_id=row.office_id,
                    was_held=row.anchor_status == UNASSIGNED,
                )
            )
    return found


def settle(day: date, by: By, workdays: Workdays) -> list[Change]:
    """Move what stands elsewhere, and say what that was."""
    found = changes(day)
    owed = _owed([change.obligation_id for change in found])
    later = workdays.after(by.day, LATER_WORKDAYS)
    handed = [
        HandedOver(
            owed[change.obligation_id],
            change.unit_id or change.office_id,
            is_certain=change.unit_id is not None,
            not_before=later if change.was_held else None,
        )
        for change in found
    ]
    moving.hand_over_all(handed, by, note=NOTE)
    return found


def foreseen(day: date, write: Callable[[], object]) -> list[Change]:
    """What would move if something were written down: it is written, looked at, and undone."""
    tried = db.session.begin_nested()
    try:
        write()
        return changes(day)
    finally:
        tried.rollback()


def in_words(found: Collection[Change]) -> str:
    """How many go where, in one sentence."""
    if not found:
        return NOTHING
    counts = Counter(change.unit_id for change in found)
    names = names_of_units([unit_id for unit_id in counts if unit_id])
    parts = [
        f"{number}项由{names[unit_id]}承接" if unit_id else f"{number}项待明确承接单位"
        for unit_id, number in counts.most_common()
    ]
    return f"尚未报送的应报事项中，{'，'.join(parts)}；已报送的仍属原单位。"


def _candidates(heirs: Heirs) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is open and could be elsewhere, with the last move that no succession made."""
    move = aliased(Move)
    own_moves = move.obligation_id == Obligation.id
    last = select(func.max(move.id)).where(own_moves, move.event != HAND_OVER).scalar_subquery()
    handed = exists().where(own_moves, move.event == HAND_OVER)
    query = (
        select(
            Obligation.id,
            Obligation.unit_id,
            Obligation.status,
            Obligation.task_id,
            whose().label("own_id"),
            Task.chosen_on,
            Notice.office_id,
            Move.unit_id.label("anchor_id"),
            Move.status.label("anchor_status"),
        )
        .outerjoin(Task, Obligation.task_id == Task.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Move, Move.id == last)
        .where(
            Obligation.status.in_((DUE, RETURNED, DISPUTED, UNASSIGNED)),
            Notice.office_id.is_not(None),
            or_(
                Obligation.unit_id.in_([*heirs.certain, *heirs.uncertain]),
                Obligation.status == UNASSIGNED,
                handed,
            ),
        )
    )
    return db.session.execute(query.order_by(Obligation.id)).all()


def _owner(row: Row[*tuple[Any, ...]], heirs: Heirs) -> int | None:
    base: int = row.own_id if row.anchor_status == UNASSIGNED else row.anchor_id
    if base in heirs.certain:
        return heirs.certain[base]
    is_chosen = row.chosen_on is not None and row.chosen_on >= heirs.since.get(base, date.min)
    # A call was put to that very unit: the office calls another if it has to.
    is_held = base in heirs.uncertain and not is_chosen and row.task_id is not None
    return None if is_held else base


def _owed(ids: Sequence[int]) -> Mapping[int, Obligation]:
    query = select(Obligation).where(Obligation.id.in_(ids)).with_for_update()
    return {one.id: one for one in db.session.scalars(query)}


def choose(tasks: Sequence[Task], by: By, *, unit_id: int, day: date) -> int:
    """A person says who goes on with these tasks; what is open of them is due by `day` at least.

    Chosen anew, what the first choice moved goes on to the second.
    """
    if any(task.state != OPEN for task in tasks):
        raise Forbidden("所选任务中有的已不在办理，请刷新页面后重选。")
    before = {task.id: task.heir_id or task.unit_id for task in tasks}
    owed = _open_of(tasks)
    for task in tasks:
        task.heir_id, task.chosen_on = unit_id, by.day
    moving.flush_all(tasks)
    moved = [
        one
        for one in owed
        if one.status == UNASSIGNED or one.unit_id == before.get(one.task_id or 0)
    ]
    moving.assign_all(moved, by, unit_id=unit_id, day=day)
    return len(moved)


def _open_of(tasks: Sequence[Task]) -> Sequence[Obligation]:
    query = select(Obligation).where(
        Obligation.task_id.in_([task.id for task in tasks]),
        Obligation.status.in_((DUE, RETURNED, UNASSIGNED)),
    )
    return db.session.scalars(query.order_by(Obligation.id).with_for_update()).all()
