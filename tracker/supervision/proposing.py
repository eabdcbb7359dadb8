"""Proposes whom to urge, by the rule; and lets go of what has been filed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, insert, or_, select, update

from tracker.clock import day_of
from tracker.db import db
from tracker.registry.models import Unit
from tracker.registry.settings import InForce
from tracker.supervision import states
from tracker.supervision.knowing import AsOf
from tracker.supervision.ladder import Late, Rungs, reason, to_urge
from tracker.supervision.lateness import Lateness
from tracker.supervision.models import Urge, Urged, UrgeMove
from tracker.supervision.overdue import overdue, overdue_ids
from tracker.supervision.reminding import reminders
from tracker.supervision.urging import event_of, moved
from tracker.tasks.moving import By, flush
from tracker.tasks.picking import Picked
from tracker.workdays import Workdays

ENDED = (states.DISMISS, states.WITHDRAW, states.CLOSE)
FILED = "所列应报事项均已报送或不再逾期。"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How many urges were proposed anew, and how many ended because nothing in them is late."""

    proposed: int
    ended: int


def rungs_of(settings: InForce) -> Rungs:
    return Rungs(
        urge_workdays=settings.urge_workdays,
        urge_reminders=settings.urge_reminders,
        reply_workdays=settings.reply_workdays,
        bulletin_workdays=settings.bulletin_workdays,
    )


def propose(
    office_id: int, day: date, *, at: datetime, rungs: Rungs, workdays: Workdays
) -> Outcome:
    """One office's proposals as of a day. Running it again changes nothing, nor does a second run
    at the same moment: it waits for the first.
    """
    db.session.execute(select(Unit.id).where(Unit.id == office_id).with_for_update(key_share=True))
    by = By(person_id=None, at=at)
    late = all_late(office_id, day, workdays)
    ended = _let_go(office_id, late, by)
    chosen = to_urge(late.values(), rungs, day=day, workdays=workdays)
    reply_by = workdays.after(day, rungs.reply_workdays)
    waiting = _proposed(office_id)
    _renew(waiting, late, chosen, reply_by)
    new = {unit_id: own for unit_id, own in chosen.items() if unit_id not in waiting}
    _begin(office_id, new, by, day=day, reply_by=reply_by)
    return Outcome(proposed=len(new), ended=ended)


def all_late(office_id: int, day: date, workdays: Workdays) -> dict[int, Late]:
    """Everything overdue to an office, with how often it was reminded of and urged in vain."""
    asked, picked = AsOf(day=day), Picked(office=office_id)
    ids, lateness = overdue_ids(asked, picked), Lateness(day, workdays)
    reminded, spared = reminders(ids), _spared(ids)
    held = select(Urged.obligation_id).where(Urged.is_held.is_(True), Urged.obligation_id.in_(ids))
    covered = set(db.session.scalars(held))
    return {
        row.id: Late(
            obligation_id=row.id,
            unit_id=row.unit_id,
            awaited_by=row.awaited_by,
            workdays_late=lateness.of(row.awaited_by),
            reminders=reminded.get(row.id, 0),
            is_held=row.id in covered,
            spared_on=spared.get(row.id),
        )
        for row in overdue(asked, picked, limit=None)
    }


def _spared(ids: Any) -> dict[int, date]:
    """When an urge for each last came to nothing: it waits a rung again before the next."""
    ended = or_(
        and_(Urged.is_left_out, UrgeMove.event == states.ISSUE),
        and_(Urged.is_left_out.is_(False), UrgeMove.event.in_(ENDED)),
    )
    query = (
        select(Urged.obligation_id, func.max(UrgeMove.recorded_at).label("at"))
        .join(UrgeMove, UrgeMove.urge_id == Urged.urge_id)
        .where(Urged.is_held.is_(None), Urged.obligation_id.in_(ids), ended)
        .group_by(Urged.obligation_id)
    )
    return {row.obligation_id: day_of(row.at) for row in db.session.execute(query)}


def _let_go(office_id: int, late: Mapping[int, Late], by: By) -> int:
    """Release what is not late any more, or another unit's by now; end what holds nothing."""
    held = _held(office_id)
    gone = [row for row in held if not _is_still(late.get(row.obligation_id), row.unit_id)]
    released = Urged.is_held.is_(True), Urged.obligation_id.in_([row.obligation_id for row in gone])
    db.session.execute(update(Urged).where(*released).values(is_held=None))
    left = exists().where(Urged.urge_id == Urge.id, Urged.is_held.is_(True))
    empty = select(Urge).where(Urge.id.in_({row.id for row in gone}), ~left)
    ended = db.session.scalars(empty.order_by(Urge.id)).all()
    for urge in ended:
        is_proposal = urge.state == states.PROPOSED
        moved(urge, states.LAPSE if is_proposal else states.CLOSE, by, FILED)
    return len(ended)


def _is_still(late: Late | None, unit_id: int) -> bool:
    return late is not None and late.unit_id == unit_id


def _held(office_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(Urge.id, Urge.unit_id, Urged.obligation_id)
        .join(Urged, Urged.urge_id == Urge.id)
        .where(Urge.office_id == office_id, Urge.state.in_(states.OPEN), Urged.is_held.is_(True))
    )
    return db.session.execute(query.order_by(Urge.id, Urged.obligation_id)).all()


def _proposed(office_id: int) -> dict[int, Urge]:
    query = select(Urge).where(Urge.office_id == office_id, Urge.state == states.PROPOSED)
    return {urge.unit_id: urge for urge in db.session.scalars(query.order_by(Urge.id))}


def _renew(
    waiting: Mapping[int, Urge],
    late: Mapping[int, Late],
    chosen: Mapping[int, Sequence[Late]],
    reply_by: date,
) -> None:
    """A proposal takes in what has become due for urging, and its words follow; unless edited."""
    ids = [urge.id for urge in waiting.values()]
    amended = select(UrgeMove.urge_id).where(
        UrgeMove.urge_id.in_(ids), UrgeMove.event == states.AMEND
    )
    edited = set(db.session.scalars(amended))
    open_to = {unit_id: urge for unit_id, urge in waiting.items() if urge.id not in edited}
    _cover({urge.id: chosen.get(unit_id, ()) for unit_id, urge in open_to.items()})
    own: dict[int, list[Late]] = {}
    for row in _held(next(iter(open_to.values())).office_id) if open_to else ():
        own.setdefault(row.id, []).append(late[row.obligation_id])
    for urge in open_to.values():
        urge.reason, urge.reply_by = _reason(own[urge.id]), reply_by
    flush()


def _begin(
    office_id: int, new: Mapping[int, Sequence[Late]], by: By, *, day: date, reply_by: date
) -> None:
    named = select(Unit.id, Unit.name).where(Unit.id.in_([office_id, *new]))
    names = {row.id: row.name for row in db.session.execute(named)}
    urges = [
        Urge(
            office_id=office_id,
            unit_id=unit_id,
            office_name=names[office_id],
            unit_name=names[unit_id],
            state=states.PROPOSED,
            reason=_reason(own),
            reply_by=reply_by,
            proposed_on=day,
        )
        for unit_id, own in sorted(new.items())
    ]
    db.session.add_all(urges)
    db.session.flush()
    _cover({urge.id: new[urge.unit_id] for urge in urges})
    db.session.add_all(event_of(urge, states.PROPOSE, by) for urge in urges)
    db.session.flush()


def _reason(own: Sequence[Late]) -> str:
    return reason(
        covers=len(own),
        longest=max(one.workdays_late for one in own),
        reminders=max(one.reminders for one in own),
    )


def _cover(late: Mapping[int, Sequence[Late]]) -> None:
    rows = [
        {
            "urge_id": urge_id,
            "obligation_id": one.obligation_id,
            "is_held": True,
            "was_awaited_by": one.awaited_by,
            "workdays_late": one.workdays_late,
            "reminders": one.reminders,
            "is_left_out": False,
        }
        for urge_id, own in late.items()
        for one in own
    ]
    if rows:
        db.session.execute(insert(Urged), rows)
