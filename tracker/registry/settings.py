"""How the offices supervise: thresholds, rungs, weights and times of day, with their history.

What nobody has set is the default. A change is another row, so that any day can be looked at with
the settings that held then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from functools import lru_cache

from sqlalchemy import Select, func, select

from tracker.clock import end_of
from tracker.db import db
from tracker.registry.models import Setting

AT = "at:"  # before a job's name: its time of day
MARK = "mark:"  # before an office's id: the 代字 of its papers' numbers
LONGEST_MARK = 20

TIMES: Mapping[str, time] = {
    "open-periods": time(0, 10),
    "check-tally": time(3, 0),
    "sweep-evidence": time(3, 30),
    "remind-units": time(8, 30),
    "summarise-offices": time(8, 40),
    "propose-urges": time(8, 45),
    "draft-bulletin": time(8, 50),
    "draft-situation": time(8, 55),
}

# The lowest and the highest that each number may be.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "reminder_workdays": (1, 30),
    "urge_workdays": (1, 60),
    "urge_reminders": (1, 10),
    "reply_workdays": (1, 30),
    "bulletin_workdays": (1, 120),
    "weight_completeness": (0, 100),
    "weight_timeliness": (0, 100),
    "weight_first_pass": (0, 100),
    "weight_landed": (0, 100),
    "weight_evidence": (0, 100),
}


@dataclass(frozen=True, kw_only=True)
class InForce:
    """What holds on a day. Workdays late and reminders given are what a rung waits for."""

    reminder_workdays: int = 5
    urge_workdays: int = 5
    urge_reminders: int = 2
    reply_workdays: int = 5
    bulletin_workdays: int = 15
    weight_completeness: int = 25
    weight_timeliness: int = 25
    weight_first_pass: int = 20
    weight_landed: int = 20
    weight_evidence: int = 10
    times: Mapping[str, time] = field(default_factory=lambda: TIMES)


NUMBERS = tuple(one.name for one in fields(InForce) if one.name in BOUNDS)


def in_force(day: date | None = None) -> InForce:
    """As known at 24:00 Shanghai time on a day; without one, as known now. One query."""
    rows = db.session.execute(_settings(day))
    return _of({row.name: row.value for row in rows})


@lru_cache(maxsize=64)
def _settings(day: date | None) -> Select[*tuple[str, str]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    latest = select(func.max(Setting.id)).group_by(Setting.name)
    if day is not None:
        latest = latest.where(Setting.recorded_at < end_of(day))
    return select(Setting.name, Setting.value).where(Setting.id.in_(latest))


def _of(values: Mapping[str, str]) -> InForce:
    numbers = {name: int(values[name]) for name in NUMBERS if name in values}
    times = {
        job: time.fromisoformat(values.get(f"{AT}{job}", standard.isoformat()))
        for job, standard in TIMES.items()
    }
    return InForce(**numbers, times=times)


def change(after: InForce, *, person_id: int | None, at: datetime) -> dict[str, str]:
    """Put settings in force from a moment on, and say which changed; the caller commits."""
    before, wanted = _told(in_force()), _told(after)
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    db.session.add_all(
        Setting(name=name, value=value, recorded_at=at, person_id=person_id)
        for name, value in changed.items()
    )
    db.session.flush()
    return changed


def mark_of(office_id: int) -> str:
    """An office's 代字 as it is now; empty where none is set."""
    own = select(Setting.value).where(Setting.name == f"{MARK}{office_id}")
    return db.session.scalar(own.order_by(Setting.id.desc()).limit(1)) or ""


def set_mark(office_id: int, mark: str, *, person_id: int | None, at: datetime) -> dict[str, str]:
    """For numbers that are given from now on; the caller commits."""
    if mark == mark_of(office_id):
        return {}
    name = f"{MARK}{office_id}"
    db.session.add(Setting(name=name, value=mark, recorded_at=at, person_id=person_id))
    db.session.flush()
    return {name: mark}


def _told(settings: InForce) -> dict[str, str]:
    numbers = {name: str(getattr(settings, name)) for name in NUMBERS}
    times = {f"{AT}{job}": f"{at:%H:%M}" for job, at in settings.times.items()}
    return numbers | times
