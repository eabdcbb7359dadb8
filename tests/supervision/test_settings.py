"""Supervision settings: defaults, changes from a moment on, and what held on an earlier day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.cast import Desk, moment
from tracker.audit.keeping import WrittenOnce
from tracker.db import db
from tracker.registry import settings
from tracker.registry.models import Setting
from tracker.registry.settings import InForce, in_force

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


def set_on(day: date, **changes: object) -> dict[str, str]:
    return settings.change(replace(in_force(), **changes), person_id=None, at=moment(day))


def test_nothing_set_is_the_defaults(desk: Desk) -> None:
    assert in_force() == in_force(MONDAY) == InForce()
    assert sum(getattr(InForce(), name) for name in settings.NUMBERS if "weight" in name) == 100


def test_a_day_is_looked_at_with_what_held_at_its_end(desk: Desk) -> None:
    set_on(TUESDAY, reminder_workdays=3)
    set_on(FRIDAY, reminder_workdays=7)
    assert [in_force(day).reminder_workdays for day in (MONDAY, TUESDAY, FRIDAY)] == [5, 3, 7]
    assert in_force().reminder_workdays == 7


def test_only_what_changed_is_recorded(desk: Desk) -> None:
    later = {**settings.TIMES, "remind-units": time(9, 15)}
    assert set_on(MONDAY, times=later) == {"at:remind-units": "09:15"}
    assert set_on(MONDAY, times=later) == {}
    assert in_force().times["remind-units"] == time(9, 15)


def test_what_was_set_is_never_changed(desk: Desk) -> None:
    set_on(MONDAY, urge_workdays=9)
    row = db.session.query(Setting).one()
    row.value = "1"
    with pytest.raises(WrittenOnce):
        db.session.flush()
    db.session.expunge(row)
