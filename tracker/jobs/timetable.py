"""The timetable at work: what is due is claimed, done and stamped; a person may run a job too."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from tracker import jobs
from tracker.clock import today
from tracker.days import spelled
from tracker.db import db, writing
from tracker.jobs import IN_TURNS, JOBS
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision import running
from tracker.supervision.running import Slot
from tracker.supervision.timetable import ALWAYS, TIMETABLE

NOT_DONE = "办理时出错，系统将自动重试"
DATABASE = "数据库暂时无法使用，系统将自动重试"

EVERY_MINUTE = tuple(
    job for job, planned in TIMETABLE.items() if planned.rhythm == ALWAYS and job in JOBS
)

Told = dict[str, Any]
log = logging.getLogger(__name__)


class TakenAway(Exception):
    """Another scheduler claimed the run meanwhile: what was done here must not stand."""


def beat(holder: str, now: datetime) -> list[Told] | None:
    """One look at the clock: run what is due; None where another one leads."""
    with writing():
        leads = running.lead(holder, now)
        if leads:
            running.begin(now)
        db.session.commit()
    if not leads:
        return None
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
    except Exception as error:
        db.session.rollback()
        log.exception("%s %s", slot.job, slot.day)
        _record_failure(slot, holder, now, error)
        return {"job": slot.job, "day": slot.day.isoformat(), "error": type(error).__name__}


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


def _record_failure(slot: Slot, holder: str, now: datetime, error: Exception) -> None:
    with writing():
        running.fail(slot, holder, now=now, error=_sentence(error))
        db.session.commit()


def _sentence(error: Exception) -> str:
    told = DATABASE if isinstance(error, DBAPIError) else NOT_DONE
    return f"{told}（{type(error).__name__}）。"


def always(day: date, now: datetime) -> None:
    """What runs every minute; one that fails does not keep the others from running."""
    for job in EVERY_MINUTE:
        told: Told = {}
        error = ""
        try:
            told = jobs.run(job, day)
        except Exception as failure:
            db.session.rollback()
            log.exception("%s", job)
            error = _sentence(failure)
        with writing():
            running.note(job, day, now, told=told, error=error)
            db.session.commit()


def counts_for(job: str, day: date) -> str:
    """What a person is told before a job runs for a day that has not come."""
    if job in EVERY_MINUTE or day <= today():
        return ""
    return (
        f"{spelled(day)}还没有到：现在就会按那一天办理，该发的消息会真的发出；"
        "这一天记为已办理，到时系统不再自动办理。"
    )


def by_hand(job: str, day: date, now: datetime) -> Told:
    """As a person at the machine asked: recorded like any run, and no refusal swallowed."""
    if job in EVERY_MINUTE:
        return jobs.run(job, day)
    slot, holder = Slot(job=job, day=day), f"cli-{uuid.uuid4().hex[:12]}"
    with writing():
        running.claim(slot, holder, now, is_by_hand=True)
        db.session.commit()
    try:
        return _done(slot, holder, now)
    except Exception as error:
        db.session.rollback()
        _record_failure(slot, holder, now, error)
        raise
