"""A reorganisation in the middle of a year: what is open moves, what was filed stays."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import (
    MARITIME,
    OFFICE,
    Q1_DUE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    open_on,
    owed,
    task_of,
    tasks_of,
    unit,
)
from tracker.db import db
from tracker.registry.models import Succession
from tracker.tasks import reorganising, waiving
from tracker.tasks.models import Obligation
from tracker.tasks.states import DUE, FILED, RETURNED, UNASSIGNED, Forbidden

MARCH, DAY = date(2026, 3, 2), date(2026, 3, 1)
LATER = WORKDAYS.after(MARCH, 10)


def succeeded(kind: str, *, new: str = MARITIME, sure: bool = True, day: date = DAY) -> Succession:
    made = Succession(
        old_id=unit(TAX).id, new_id=unit(new).id, kind=kind, day=day, sure=sure, source="-"
    )
    db.session.add(made)
    db.session.flush()
    return made


def settle(desk: Desk, day: date = MARCH) -> int:
    return len(reorganising.settle(day, by(desk.cast.chief, day), WORKDAYS))


def undone(desk: Desk, made: Succession) -> int:
    db.session.delete(made)
    db.session.flush()
    return settle(desk)


def choose(desk: Desk, first: Obligation, name: str, day: date = MARCH) -> int:
    who = by(desk.cast.chief, day)
    task = task_of(TAX)
    assert task.id == first.task_id
    return reorganising.choose([task], who, unit_id=unit(name).id, day=LATER)


def test_before_any_reorganisation_everything_stands_where_it_should(desk: Desk) -> None:
    assert reorganising.changes(MARCH) == []


def test_from_its_day_the_heir_owes_what_is_open_by_the_same_day(
    desk: Desk, first: Obligation
) -> None:
    succeeded("merge")
    assert settle(desk, DAY) == len(tasks_of(TAX, "yfh-2023-59")) + others(desk)
    assert (first.unit_id, first.status, first.awaited_by) == (unit(MARITIME).id, DUE, Q1_DUE)


def others(desk: Desk) -> int:
    slugs = ("ftz-10", "yfh-2020-146", "ybh-2019-376")
    return sum(len(tasks_of(TAX, slug, role="lead")) for slug in slugs)


def test_the_day_before_nothing_moves(desk: Desk, first: Obligation) -> None:
    succeeded("merge", day=date(2026, 3, 10))
    assert settle(desk, date(2026, 3, 9)) == 0


def test_twice_moves_nothing_more(desk: Desk, first: Obligation) -> None:
    succeeded("merge")
    settle(desk)
    assert settle(desk) == 0


def test_what_was_filed_stays_with_who_filed_it(desk: Desk, first: Obligation) -> None:
    desk.file(first, date(2026, 2, 20))
    succeeded("merge")
    settle(desk)
    assert (first.unit_id, first.status) == (unit(TAX).id, FILED)


def test_what_comes_back_after_the_day_is_put_right_by_the_heir(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, date(2026, 2, 20))
    succeeded("merge")
    desk.send_back(first, MARCH, date(2026, 5, 20))
    settle(desk)
    assert (first.unit_id, first.status) == (unit(MARITIME).id, RETURNED)


def test_undone_everything_goes_back_by_the_day_it_had(desk: Desk, first: Obligation) -> None:
    made = succeeded("merge")
    moved = settle(desk)
    assert undone(desk, made) == moved
    assert (first.unit_id, first.status, first.awaited_by) == (unit(TAX).id, DUE, Q1_DUE)


def test_what_the_heir_has_filed_meanwhile_stays_with_the_heir(
    desk: Desk, first: Obligation
) -> None:
    made = succeeded("merge")
    settle(desk)
    desk.file(first, MARCH)
    undone(desk, made)
    assert first.unit_id == unit(MARITIME).id


@pytest.mark.parametrize(("kind", "sure"), [("split", True), ("abolished", True), ("merge", False)])
def test_in_doubt_the_office_holds_it_and_nothing_is_awaited(
    desk: Desk, first: Obligation, kind: str, sure: bool
) -> None:
    succeeded(kind, sure=sure)
    settle(desk)
    assert (first.unit_id, first.status, first.awaited_by) == (unit(OFFICE).id, UNASSIGNED, None)


def test_a_doubt_undone_gives_it_back_by_the_day_it_had(desk: Desk, first: Obligation) -> None:
    made = succeeded("split")
    settle(desk)
    undone(desk, made)
    assert (first.unit_id, first.status, first.awaited_by) == (unit(TAX).id, DUE, Q1_DUE)


@pytest.mark.parametrize("name", [MARITIME, TAX])
def test_a_person_says_where_a_task_goes_and_it_stays_there(
    desk: Desk, first: Obligation, name: str
) -> None:
    """The old unit may be the answer too: a split leaves it part of its work."""
    succeeded("split")
    settle(desk)
    assert choose(desk, first, name) == 1
    assert (first.unit_id, first.status, first.awaited_by) == (unit(name).id, DUE, Q1_DUE)
    assert settle(desk) == 0


def test_who_was_chosen_owes_the_next_period_too(desk: Desk, first: Obligation) -> None:
    succeeded("split")
    settle(desk)
    choose(desk, first, MARITIME)
    open_on(date(2026, 4, 1))
    found = owed(task_of(TAX), period="2026-Q2")
    assert (found.unit_id, found.status) == (unit(MARITIME).id, DUE)
    held = owed(tasks_of(TAX, "yfh-2023-59")[1], period="2026-Q2")
    assert held.status == UNASSIGNED


def test_chosen_anew_it_goes_on_to_the_second(desk: Desk, first: Obligation) -> None:
    succeeded("split")
    settle(desk)
    choose(desk, first, MARITIME)
    choose(desk, first, TAX)
    assert (first.unit_id, settle(desk)) == (unit(TAX).id, 0)


def test_a_later_split_asks_a_person_anew(desk: Desk, first: Obligation) -> None:
    succeeded("split")
    settle(desk)
    choose(desk, first, MARITIME)
    later = date(2026, 3, 20)
    split_of_maritime = Succession(
        old_id=unit(MARITIME).id,
        new_id=unit(TAX).id,
        kind="split",
        day=later,
        sure=True,
        source="-",
    )
    db.session.add(split_of_maritime)
    db.session.flush()
    settle(desk, later)
    assert first.status == UNASSIGNED


def test_who_gets_it_late_has_time_to_file(desk: Desk, first: Obligation) -> None:
    succeeded("split")
    settle(desk)
    after_due = date(2026, 4, 20)
    who = by(desk.cast.chief, after_due)
    day = WORKDAYS.after(after_due, 10)
    reorganising.choose([task_of(TAX)], who, unit_id=unit(MARITIME).id, day=day)
    assert (first.awaited_by, first.due_on) == (day, Q1_DUE)


def test_what_is_no_longer_open_is_given_to_nobody(desk: Desk, first: Obligation) -> None:
    task = task_of(TAX)
    waiving.waive([task], by(desk.cast.chief, MARCH), reason="-")
    with pytest.raises(Forbidden, match="已不在办理"):
        reorganising.choose(
            [task], by(desk.cast.chief, MARCH), unit_id=unit(MARITIME).id, day=LATER
        )
