"""The timetable at work: what is due is claimed, done and stamped; a person may run a job too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from tracker.db import db, writing
from tracker.jobs import IN_TURNS, JOBS
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision import running
from tracker.supervision.running import Slot
from tracker.supervision.timetable import ALWAYS, TIMETABLE

NOT_DONE = "办理时出错，系统将自动重试"
DATABASE = "数据库暂时无法使用，系统将自动重试"

Told = dict[str, Any]


class TakenAway(Exception):
    """Another scheduler claimed the run meanwhile: what was done here must not stand."""


def beat(holder: str, now: datetime) -> list[Told]:
    """One look at the clock: lead if nobody else does, and run what is due."""
    with writing():
        leads = running.lead(holder, now)
        db.session.commit()
    if not leads:
        return []
    done = [run(slot, holder, now) for slot in _waiting(holder, now)]
    return [told for told in done if told]


def _waiting(holder: str, now: datetime) -> Sequence[Slot]:
    found = [*running.unfinished(holder, now), *running.due(now, in_force(), workdays())]
    db.session.rollback()
    return [slot for slot in found if slot.job in JOBS]


def run(slot: Slot, holder: str, now: datetime, *, is_by_hand: bool = False) -> Told:
    """Claim, do, stamp. Nothing is told where the slot is somebody else's or merged."""
    with writing():
        claimed = running.claim(slot, holder, now, is_by_hand=is_by_hand)
        db.session.commit()
    if not claimed:
        return {}
    try:
        return _done(slot, holder, now)
    except TakenAway:
        db.session.rollback()
        return {}
    except Exception as error:  # noqa: BLE001  whatever a job dies of, the others go on
        db.session.rollback()
        return _failed(slot, holder, now, error)


def _done(slot: Slot, holder: str, now: datetime) -> Told:
    """In one transaction, but for jobs that commit turn by turn."""
    told: Told = {}
    if slot.job in IN_TURNS:
        told = JOBS[slot.job](slot.day)
    with writing():
        if slot.job not in IN_TURNS:
            told = JOBS[slot.job](slot.day)
        if not running.stamp(slot, holder, begun=now, now=now, told=told):
            raise TakenAway
        db.session.commit()
    return {"job": slot.job, "day": slot.day.isoformat(), **told}


def _failed(slot: Slot, holder: str, now: datetime, error: Exception) -> Told:
    sentence = DATABASE if isinstance(error, DBAPIError) else NOT_DONE
    with writing():
        running.fail(slot, holder, now=now, error=f"{sentence}。（{type(error).__name__}）")
        db.session.commit()
    return {"job": slot.job, "day": slot.day.isoformat(), "error": type(error).__name__}


def always(holder: str, day: date) -> None:
    """What runs every minute keeps no row: the outbox and the log say what was done."""
    for job, planned in TIMETABLE.items():
        if planned.rhythm == ALWAYS and job in JOBS:
            _run_plainly(job, day)


def _run_plainly(job: str, day: date) -> None:
    if job in IN_TURNS:
        JOBS[job](day)
        return
    with writing():
        JOBS[job](day)
        db.session.commit()
