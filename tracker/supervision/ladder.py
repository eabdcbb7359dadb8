"""The rungs: what of all that is late is to be urged, by the office's settings. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Rungs:
    """How many workdays late and how many reminders something waits for before it is urged."""

    urge_workdays: int
    urge_reminders: int
    reply_workdays: int
    bulletin_workdays: int


@dataclass(frozen=True, kw_only=True)
class Late:
    """An overdue obligation; `spared_on` is when an urge for it last came to nothing."""

    obligation_id: int
    unit_id: int
    awaited_by: date
    workdays_late: int
    reminders: int
    is_held: bool
    spared_on: date | None = None


def to_urge(
    late: Iterable[Late], rungs: Rungs, *, day: date, workdays: Workdays
) -> dict[int, list[Late]]:
    """By unit: late and reminded long enough, in no open urge, and not spared of late."""
    found: dict[int, list[Late]] = {}
    for one in late:
        if one.is_held or one.workdays_late < rungs.urge_workdays:
            continue
        if one.reminders < rungs.urge_reminders:
            continue
        if one.spared_on and workdays.between(one.spared_on, day) < rungs.urge_workdays:
            continue
        found.setdefault(one.unit_id, []).append(one)
    return found


def is_named(*, workdays_late: int, urges: int, answered: bool, rungs: Rungs) -> bool:
    """A bulletin names a unit for what was urged in vain, or is late beyond its rung."""
    return (urges > 0 and not answered) or workdays_late >= rungs.bulletin_workdays


def reason(*, covers: int, longest: int, reminders: int) -> str:
    """Why a unit is urged, in a sentence that the office may change."""
    after = f"，经{reminders}次提醒仍未报送或补正" if reminders else "，至今未报送或补正"
    return (
        f"你单位有{covers}项应报事项逾期，最长已逾期{longest}个工作日{after}。"
        "请抓紧报送或补正，并逐项说明原因和预计报送日期。"
    )
