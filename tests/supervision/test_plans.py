"""The hottest questions of the dashboard are answered from indices: SQLite says how it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.cast import OFFICE, STARTED, WORKDAYS, Desk, open_on, unit
from tracker.db import db
from tracker.supervision import dashboard, listing
from tracker.supervision.counted import units_in
from tracker.supervision.knowing import AsOf
from tracker.supervision.sight import Sight
from tracker.tasks.picking import Picked

# PostgreSQL chooses by the size of its tables, and reads a small one whole.
pytestmark = pytest.mark.parametrize("addresses", ["sqlite"], indirect=True)

TODAY = STARTED.replace(month=8, day=3)
ASKED: dict[str, Callable[[Sight], object]] = {
    "board": dashboard.board,
    "backlog": dashboard.backlog,
    "units": lambda sight: units_in(sight.picked.office),
    **{
        which: lambda sight, which=which: listing.rows(which, sight)
        for which in (listing.OVERDUE, listing.NEWLY, listing.MET, listing.NEAR, listing.REVIEW)
    },
}
WHOLE = ("SCAN obligation", "SCAN report", "SCAN move", "SCAN task")


@pytest.fixture
def sight(desk: Desk) -> Sight:
    open_on(TODAY)
    return Sight(
        asked=AsOf(day=TODAY),
        picked=Picked(office=unit(OFFICE).id),
        workdays=WORKDAYS,
        reminder_workdays=5,
    )


@contextmanager
def statements() -> Iterator[list[tuple[str, object]]]:
    asked: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        asked.append((str(args[2]), args[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("what", ASKED)
def test_no_obligation_or_report_is_read_that_is_not_asked_for(sight: Sight, what: str) -> None:
    with statements() as asked:
        ASKED[what](sight)
    connection = db.session.connection()
    plans = [
        row[3]
        for statement, values in asked
        if statement.startswith("SELECT")
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    assert plans
    assert not [step for step in plans if step.startswith(WHOLE)]
