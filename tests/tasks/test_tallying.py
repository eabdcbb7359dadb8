"""Whatever people do, the tally is what a count says, and history ends where things stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings as trials, strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from tests.cast import (
    BANK_NOW,
    BODY,
    EIGHTH,
    LANDED,
    MARITIME,
    OFFICE,
    STARTED,
    TAX,
    UNCHANGED,
    WORKDAYS,
    Desk,
    by,
    calendar_of,
    open_on,
    owed,
    people,
    task_of,
    tasks_of,
    tracking_of,
    unit,
)
from tracker.db import db
from tracker.reports import queries
from tracker.reports.filing import Incomplete
from tracker.tasks import moving, scheduling, tallying, waiving
from tracker.tasks.models import Move, Obligation, Tally, Task, Waiver
from tracker.tasks.states import GRANTED, LEAD, Forbidden

COUNTS = ("expected", "filed_on_time", "filed_late", "accepted", "returned", "waived")
NOT_EXPECTED = {"waived", "over", "unassigned"}


class Hands:
    """Every act there is, on one of a few obligations, on a day that only goes on."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.day = desk, STARTED
        self.tasks = [*tasks_of(TAX, EIGHTH)[:2], task_of(MARITIME, EIGHTH)]

    def owed(self, choice: int) -> Obligation:
        query = select(Obligation.id).where(Obligation.task_id == self.task(choice).id)
        ids = db.session.scalars(query.order_by(Obligation.id)).all()
        found = queries.obligation(ids[choice // 7 % len(ids)])
        assert found is not None
        return found

    def task(self, choice: int) -> Task:
        return self.tasks[choice % len(self.tasks)]

    def lift(self, choice: int) -> None:
        task = self.task(choice)
        held = select(Waiver).where(Waiver.task_id == task.id, Waiver.state == GRANTED)
        for waiver in db.session.scalars(held).all():
            chief = by(self.desk.cast.chief, self.day)
            waiving.lift(waiver, task, chief, day=self.day, note="")

    def change(self, choice: int) -> None:
        calendar, count = calendar_of(EIGHTH, LEAD), 1 + choice % 20
        who = by(self.desk.cast.chief, self.day)
        scheduling.change(calendar, who, WORKDAYS, cadence="quarter", due_workdays=count)

    def acts(self, choice: int) -> dict[str, Callable[[], object]]:
        desk, day, found = self.desk, self.day, self.owed(choice)
        chief = by(desk.cast.chief, day)
        later = day + timedelta(days=1 + choice % 90)
        other = unit((BANK_NOW, MARITIME, TAX)[choice % 3]).id
        office = unit(OFFICE).id
        return {
            "open": lambda: open_on(day),
            "file": lambda: desk.file(found, day, (BODY, LANDED, UNCHANGED)[choice % 3]),
            "withdraw": lambda: desk.withdraw(found, day),
            "send back": lambda: desk.send_back(found, day, later),
            "accept": lambda: desk.accept(found, day),
            "amend": lambda: desk.amend(found, day),
            "waive": lambda: waiving.waive([self.task(choice)], chief, reason="-"),
            "lift": lambda: self.lift(choice),
            "extend": lambda: moving.extend(found, chief, day=later, note="-"),
            "dispute": lambda: moving.dispute(found, chief, note="-"),
            "resume": lambda: moving.resume(found, chief, workdays=WORKDAYS, note="-"),
            "hand over": lambda: moving.hand_over(found, chief, unit_id=other, note="-"),
            "hold": lambda: moving.hand_over(
                found, chief, unit_id=office, note="-", is_certain=False
            ),
            "assign": lambda: moving.assign(found, chief, unit_id=other, day=later),
            "end": lambda: moving.end(found, chief, note="-"),
            "change": lambda: self.change(choice),
        }

    def do(self, name: str, choice: int, days: int) -> None:
        """As a request does it: wholly, or not at all."""
        self.day += timedelta(days=days)
        try:
            with db.session.begin_nested():
                self.acts(choice)[name]()
        except (Forbidden, Incomplete, NoResultFound):
            db.session.expire_all()


NAMES = "open file withdraw accept amend waive lift extend dispute resume assign end change".split()
WEIGHED = [*NAMES, "send back", "hand over", "hold", *["file", "accept", "open"] * 3]
ACTS = st.lists(
    st.tuples(st.sampled_from(WEIGHED), st.integers(0, 200), st.integers(0, 40)),
    min_size=4,
    max_size=25,
)


def counted() -> Counter[tuple[object, ...]]:
    """A count by hand over every progress obligation, one by one."""
    sums: Counter[tuple[object, ...]] = Counter()
    rows = db.session.execute(select(Obligation.__table__).where(Obligation.kind == "progress"))
    for found in rows:
        key = found.unit_id, found.notice_id, found.period, found.role
        expected = found.status not in NOT_EXPECTED
        filed = expected and found.first_filed_on is not None
        sums[*key, "expected"] += expected
        sums[*key, "filed_late" if found.is_late else "filed_on_time"] += filed
        for status in ("accepted", "returned", "waived"):
            sums[*key, status] += found.status == status
    return +sums


def tallied() -> Counter[tuple[object, ...]]:
    rows = db.session.execute(select(Tally.__table__)).mappings()
    return +Counter(
        {
            (row["unit_id"], row["notice_id"], row["period"], row["role"], name): row[name]
            for row in rows
            for name in COUNTS
        }
    )


def strays() -> list[int]:
    """Obligations whose last move does not say what holds."""
    last = select(func.max(Move.id)).group_by(Move.obligation_id)
    query = (
        select(Obligation.id)
        .outerjoin(Move, (Move.obligation_id == Obligation.id) & Move.id.in_(last))
        .where(
            Move.status.is_distinct_from(Obligation.status)
            | Move.awaited_by.is_distinct_from(Obligation.awaited_by)
            | Move.unit_id.is_distinct_from(Obligation.unit_id)
        )
    )
    return list(db.session.scalars(query))


@pytest.fixture
def few(ground: Flask) -> Desk:
    """The cast with one notice alone, so that many runs are quick."""
    scheduling.start(tracking_of(EIGHTH), on=STARTED)
    return Desk(people(), ground)


@given(acts=ACTS)
@trials(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_acts_the_tally_is_what_a_count_says_and_history_ends_where_things_stand(
    few: Desk, acts: list[tuple[str, int, int]]
) -> None:
    undo = db.session.begin_nested()
    try:
        open_on(STARTED)
        hands = Hands(few)
        for name, choice, days in acts:
            hands.do(name, choice, days)
        db.session.flush()
        assert tallied() == counted()
        assert strays() == []
        assert tallying.differences() == 0
        assert min(tallied().values(), default=0) >= 0
    finally:
        undo.rollback()


def test_a_wrong_count_is_found_and_counted_anew(desk: Desk, first: Obligation) -> None:
    row = db.session.scalars(
        select(Tally).where(Tally.unit_id == first.unit_id, Tally.notice_id == first.notice_id)
    ).one()
    row.filed_late += 1
    assert tallying.differences() == 1
    tallying.rebuild(first.notice_id, first.period)
    assert tallying.differences() == 0
    assert tallied() == counted()


def test_no_more_is_ever_filed_than_expected(desk: Desk, first: Obligation) -> None:
    desk.file(first, date(2026, 4, 1))
    desk.send_back(first, date(2026, 4, 2), date(2026, 4, 20))
    waiving.waive([task_of(TAX)], by(desk.cast.chief, date(2026, 4, 3)), reason="-")
    for row in db.session.execute(select(Tally.__table__)).mappings():
        assert row["filed_on_time"] + row["filed_late"] <= row["expected"]


def test_plans_and_confirmations_are_not_counted(desk: Desk, first: Obligation) -> None:
    desk.file(first, date(2026, 4, 1), LANDED)
    desk.accept(first, date(2026, 4, 2))
    before = tallied()
    open_on(date(2026, 12, 31))
    assert owed(task_of(TAX), kind="confirmation", period="2026").status == "due"
    unit_id = unit(TAX).id
    later = [key for key in tallied() if key[0] == unit_id and key[2] == "2026"]
    assert later == []
    assert before == Counter({key: count for key, count in tallied().items() if key in before})
