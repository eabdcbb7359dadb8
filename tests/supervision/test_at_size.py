"""As many queries for forty units as for ten."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event, select

from tests.cast import WORKDAYS, Desk, moment
from tracker.db import db
from tracker.supervision import mornings, since
from tracker.supervision.knowing import AsOf
from tracker.supervision.lateness import Lateness
from tracker.tasks.models import Obligation

MONDAY = date(2026, 4, 20)


def queries_for(number: int) -> int:
    """Statements that the pages of so many units take."""
    this = mornings.morning(
        AsOf(day=MONDAY),
        since=since.workday_before(MONDAY, WORKDAYS),
        near=5,
        is_full=True,
        until=moment(MONDAY),
        workdays=WORKDAYS,
    )
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    unit_ids = mornings.units_to_tell(this)[:number]
    assert len(list(mornings.pages(this, unit_ids, Lateness(MONDAY, WORKDAYS)))) == number
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_forty_units_take_as_many_queries_as_ten(desk: Desk) -> None:
    assert len(set(db.session.scalars(select(Obligation.unit_id)))) >= 40
    assert queries_for(40) == queries_for(10) == 7
