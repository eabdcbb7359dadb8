"""The timetable's ledger: who leads, which slot is claimed, done, failed or merged.

One scheduler leads, by a lease that runs out when it is not heard of again. A run is claimed in
a transaction of its own; what it does is committed together with its stamp, and only as long as
the claim still stands. So of two that believe they lead only one has an effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from tracker.clock import day_of, end_of, start_of
from tracker.db import db, insert
from tracker.registry.settings import InForce
from tracker.supervision.models import JobRun, Lease
from tracker.supervision.timetable import ALWAYS, MERGING, TIMETABLE, slots
from tracker.workdays import Workdays

BEGUN, ASKED, CLAIMED, DONE, FAILED, MERGED = (
    "begun",
    "asked",
    "claimed",
    "done",
    "failed",
    "merged",
)
STATES = {
    BEGUN: "开始计时",
    ASKED: "等待办理",
    CLAIMED: "办理中",
    DONE: "已完成",
    FAILED: "未完成",
    MERGED: "已并入",
}
# What the timetable itself never comes back to; a person may ask for it once more.
ENDED = (BEGUN, DONE, MERGED)
EVERY_MINUTE = [job for job, planned in TIMETABLE.items() if planned.rhythm == ALWAYS]
LEADER = "scheduler"
LEASE = timedelta(seconds=90)
RETRY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Slot:
    job: str
    day: date
    is_merged: bool = False


def lead(holder: str, now: datetime) -> bool:
    """Take or keep the lease. One that ends later than any could is of a clock set back."""
    wanted = {"name": LEADER, "holder": holder, "until": now + LEASE}
    statement = insert(Lease).values(wanted)
    free = or_(Lease.holder == holder, Lease.until < now, Lease.until > now + LEASE)
    taken = statement.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "until": now + LEASE}, where=free
    ).returning(Lease.holder)
    return db.session.scalar(taken) == holder


def give_up(holder: str, now: datetime) -> None:
    """On an orderly end the other one need not wait."""
    own = update(Lease).where(Lease.name == LEADER, Lease.holder == holder)
    _touched(own.values(until=now - LEASE))


def due(now: datetime, settings: InForce, workdays: Workdays) -> list[Slot]:
    """The slots of jobs that have begun whose moment has come, and that have no row yet."""
    today = day_of(now)
    last = last_slots()
    found: list[Slot] = []
    for job, planned in TIMETABLE.items():
        if job in EVERY_MINUTE or (after := last.get(job)) is None:
            continue
        reach = today if now >= at_time(today, job, settings) else today - timedelta(days=1)
        days = slots(planned.rhythm, after=after, until=reach, workdays=workdays)
        merged = set(days[:-1]) if planned.rhythm in MERGING else set()
        found += [Slot(job=job, day=day, is_merged=day in merged) for day in days]
    return sorted(found, key=lambda one: (one.day, list(TIMETABLE).index(one.job)))


def begin(now: datetime) -> None:
    """A job that is new here counts from today: no slot of before is caught up, none after lost."""
    yesterday = day_of(now) - timedelta(days=1)
    for job in sorted({*TIMETABLE} - {*last_slots()} - {*EVERY_MINUTE}):
        slot = Slot(job=job, day=yesterday)
        row = _new(slot, BEGUN, holder="", now=now, is_by_hand=False)
        if not _touched(insert(JobRun).values(row).on_conflict_do_nothing()):
            _adopt(slot)


def at_time(day: date, job: str, settings: InForce) -> datetime:
    at = settings.times[job]
    return start_of(day) + timedelta(hours=at.hour, minutes=at.minute)


def last_slots() -> dict[str, date]:
    """How far the timetable has come, by job."""
    query = select(JobRun.job, func.max(JobRun.slot).label("slot")).where(
        JobRun.is_by_hand.is_(False)
    )
    return {row.job: row.slot for row in db.session.execute(query.group_by(JobRun.job))}


def unfinished(holder: str, now: datetime) -> Sequence[Slot]:
    """What a person asked for, what another leader left, and what failed some time ago."""
    asked = JobRun.state == ASKED
    left = (JobRun.state == CLAIMED) & (JobRun.holder != holder)
    again = (
        (JobRun.state == FAILED)
        & (JobRun.claimed_at < now - RETRY)
        & JobRun.job.not_in(EVERY_MINUTE)
    )
    rows = db.session.execute(
        select(JobRun.job, JobRun.slot).where(asked | left | again).order_by(JobRun.slot, JobRun.id)
    )
    return [Slot(job=row.job, day=row.slot) for row in rows]


def claim(slot: Slot, holder: str, now: datetime, *, is_by_hand: bool = False) -> bool:
    """Take a slot that nobody has, or that was left or failed. The caller commits."""
    state = MERGED if slot.is_merged else CLAIMED
    row = _new(slot, state, holder=holder, now=now, is_by_hand=is_by_hand)
    new = insert(JobRun).values(row).on_conflict_do_nothing().returning(JobRun.id)
    if db.session.scalar(new) is not None:
        return not slot.is_merged
    if slot.is_merged:
        return False
    if not is_by_hand:
        _adopt(slot)
    states = [ASKED, CLAIMED, FAILED, *(ENDED if is_by_hand else ())]
    again = _row_of(slot).where(JobRun.state.in_(states))
    taken = {"state": CLAIMED, "holder": holder, "claimed_at": now, "tries": JobRun.tries + 1}
    return bool(_touched(again.values(taken)))


def ask(job: str, day: date, now: datetime) -> None:
    """A person wants a job to run now: whoever leads takes it at the next beat."""
    slot = Slot(job=job, day=day)
    row = _new(slot, ASKED, holder="", now=now, is_by_hand=True)
    new = insert(JobRun).values(row).on_conflict_do_nothing().returning(JobRun.id)
    if db.session.scalar(new) is None:
        ended = _row_of(slot).where(JobRun.state.in_((*ENDED, FAILED)))
        _touched(ended.values(state=ASKED))


def note(job: str, day: date, now: datetime, *, told: Mapping[str, Any], error: str = "") -> None:
    """What runs every minute keeps one row a day: its last run."""
    slot = Slot(job=job, day=day)
    state = FAILED if error else DONE
    last = {"finished_at": now, "result": dict(told), "error": error[:500]}
    row = _new(slot, state, holder="", now=now, is_by_hand=False) | last
    _touched(
        insert(JobRun)
        .values(row)
        .on_conflict_do_update(
            index_elements=["job", "slot"],
            set_={**last, "state": state, "tries": JobRun.tries + 1},
            where=JobRun.state.in_((DONE, FAILED)),
        )
    )


def _adopt(slot: Slot) -> None:
    """A person ran it before its time: the timetable takes that run for its own."""
    _touched(_row_of(slot).where(JobRun.is_by_hand).values(is_by_hand=False))


def stamp(
    slot: Slot, holder: str, *, begun: datetime, now: datetime, told: Mapping[str, Any]
) -> bool:
    """Done, in the transaction of what was done; False where the claim has been taken away."""
    return bool(
        _touched(
            _claimed(slot, holder).values(
                state=DONE,
                finished_at=now,
                known_until=min(begun, end_of(slot.day)),
                result=dict(told),
                error="",
            )
        )
    )


def fail(slot: Slot, holder: str, *, now: datetime, error: str) -> None:
    _touched(_claimed(slot, holder).values(state=FAILED, finished_at=now, error=error[:500]))


def _new(slot: Slot, state: str, *, holder: str, now: datetime, is_by_hand: bool) -> dict[str, Any]:
    return {
        "job": slot.job,
        "slot": slot.day,
        "state": state,
        "holder": holder,
        "is_by_hand": is_by_hand,
        "claimed_at": now,
        "tries": 1,
        "result": {},
        "error": "",
    }


def _row_of(slot: Slot) -> Any:
    return update(JobRun).where(JobRun.job == slot.job, JobRun.slot == slot.day)


def _claimed(slot: Slot, holder: str) -> Any:
    return _row_of(slot).where(JobRun.holder == holder, JobRun.state == CLAIMED)


def _touched(statement: Any) -> int:
    done = db.session.execute(
        statement, execution_options={"synchronize_session": False, "preserve_rowcount": True}
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
