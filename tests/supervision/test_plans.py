"""The hottest questions of the dashboard are answered from indices: SQLite says how it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.cast import OFFICE, STARTED, WORKDAYS, Desk, open_on, unit
from tracker.db import db
from tracker.supervision import cities, dashboard, listing
from tracker.supervision.counted import units_in
from tracker.supervision.knowing import AsOf, as_of
from tracker.supervision.sight import Sight
from tracker.supervision.stages import stands
from tracker.tasks.models import Task
from tracker.tasks.picking import Picked
from tracker.tasks.queries import measures_in
from tracker.tasks.states import LOCAL

# PostgreSQL chooses by the size of its tables, and reads a small one whole.
pytestmark = pytest.mark.parametrize("addresses", ["sqlite"], indirect=True)

TODAY = STARTED.replace(month=8, day=3)


def past(sight: Sight) -> Sight:
    day = sight.day - timedelta(days=20)
    return replace(sight, asked=as_of(day, today=sight.day))


def adopting(sight: Sight) -> Sight:
    return replace(sight, picked=replace(sight.picked, adoption="复制推广", role=LOCAL))


ASKED: dict[str, Callable[[Sight], object]] = {
    "board": dashboard.board,
    "board of one way of adopting": lambda sight: dashboard.board(adopting(sight)),
    "board of a past day": lambda sight: dashboard.board(past(sight)),
    "overdue on a past day": lambda sight: listing.rows(listing.OVERDUE, past(sight)),
    "backlog": dashboard.backlog,
    "units": lambda sight: units_in(sight.picked.office),
    "missing": lambda sight: listing.rows(listing.MISSING, sight),
    "number missing": lambda sight: listing.number(listing.MISSING, sight),
    "city": lambda sight: cities.owed(1, sight),
    # Local tasks alone, whichever office: as a city sees itself.
    "city beside others": lambda sight: cities.beside(1, replace(sight, picked=Picked(role=LOCAL))),
    "stands in a city": lambda sight: stands(sight.day, Task.measure_id.in_(measures_in(1))),
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
