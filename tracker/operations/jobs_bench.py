"""Measures the weekly run of supervision on this demonstration, beside the same rows by raw SQL."""

from __future__ import annotations

import json
import resource
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from tracker import jobs
from tracker.clock import start_of, today
from tracker.db import db, writing
from tracker.operations.benching import Figure
from tracker.operations.migrating import is_initialised
from tracker.operations.paging_bench import NotMeasured
from tracker.permissions import FILER
from tracker.registry.models import Person, PersonRole
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision.models import Digest
from tracker.supervision.timetable import WEEKLY, next_slot
from tracker.tasks.models import Obligation

FLOOR, WEEKLY_RUN = "floor: the same rows by raw SQL", "weekly run for all offices and units"
KIBIBYTES = 1024
ROWS = text(
    "SELECT o.id, o.unit_id, o.awaited_by, u.name, m.title, m.no, n.short_title"
    " FROM obligation o JOIN unit u ON u.id = o.unit_id JOIN notice n ON n.id = o.notice_id"
    " LEFT JOIN task t ON t.id = o.task_id LEFT JOIN measure m ON m.id = t.measure_id"
    " WHERE o.awaited_by <= :soon ORDER BY o.awaited_by, o.id"
)


def measure_jobs(app: Flask, rounds: int) -> list[Figure]:
    """Interleaved rounds, each rolled back; the first of them only warms."""
    with app.app_context():
        if not is_initialised():
            raise NotMeasured("系统尚未初始化，请先运行 tracker init --demo。")
        day = next_slot(WEEKLY, after=today(), workdays=workdays())
        db.session.rollback()
        taken: dict[str, list[float]] = defaultdict(list)
        told: dict[str, Any] = {}
        for _ in range(rounds + 1):
            for what, work in ((FLOOR, _by_raw_sql), (WEEKLY_RUN, _weekly)):
                taken[what].append(_undone(work, day, told))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES
    floor, run = (median(taken[what][1:]) for what in (FLOOR, WEEKLY_RUN))
    words = f"{told['digests']} digests, {told['messages']} messages, peak {peak:.0f} MB"
    return [
        Figure(what=f"{FLOOR} ({told['rows']:,} rows)", milliseconds=round(floor, 1)),
        Figure(
            what=f"{WEEKLY_RUN} ({words})",
            milliseconds=round(run, 1),
            ratio=round(run / floor, 2),
        ),
    ]


def _undone(work: Callable[[date], dict[str, Any]], day: date, told: dict[str, Any]) -> float:
    with writing():
        _empty_and_people()
        began = perf_counter()
        told |= work(day)
        spent = (perf_counter() - began) * 1000
        db.session.rollback()
    db.session.remove()
    return spent


def _weekly(day: date) -> dict[str, Any]:
    offices, units = (jobs.JOBS[job](day) for job in ("summarise-offices", "remind-units"))
    return {name: offices[name] + units[name] for name in ("digests", "messages")}


def _by_raw_sql(day: date) -> dict[str, Any]:
    """Read everything late or near in one statement, and keep a row for each unit."""
    soon = workdays().after(day, in_force().reminder_workdays)
    found: dict[int, list[Any]] = defaultdict(list)
    rows = db.session.connection().execute(ROWS, {"soon": soon.isoformat()}).all()
    for row in rows:
        found[row.unit_id].append([str(value) for value in row])
    kept = [
        {
            "kind": "floor",
            "recipient_id": unit_id,
            "day": day,
            "subject": "",
            "page": json.dumps(lines),
            "made_at": start_of(day),
        }
        for unit_id, lines in found.items()
    ]
    db.session.execute(insert(Digest), kept)
    return {"rows": len(rows)}


def _empty_and_people() -> None:
    """Nobody was told yet, and each unit has somebody who can be: inside the transaction only."""
    for table in ("reminder", "digest"):
        db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  names of our own
    units = db.session.scalars(select(Obligation.unit_id).distinct()).all()
    people = [
        {
            "account": f"bench-{unit_id}",
            "name": "测量用",
            "unit_id": unit_id,
            "email": f"bench-{unit_id}@demo.invalid",
            "password_hash": "!",
            "must_change_password": True,
            "is_locked": False,
            "version": 1,
        }
        for unit_id in units
    ]
    ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
    roles = [{"person_id": person_id, "role": FILER} for person_id in ids]
    db.session.execute(insert(PersonRole), roles)
