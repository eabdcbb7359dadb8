"""A changed calendar rewrites only what lies ahead and what nobody has touched."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings as trials, strategies as st
from sqlalchemy import select

from tests.cast import (
    EIGHTH,
    LANDED,
    Q1_DUE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    calendar_of,
    open_on,
    owed,
    owed_by,
    task_of,
    tasks_of,
    tracking_of,
)
from tracker.db import db
from tracker.tasks import moving, scheduling
from tracker.tasks.models import Obligation
from tracker.tasks.periods import CADENCES, HALF, MONTH, QUARTER, period_named
from tracker.tasks.scheduling import preview, recompute, takes_effect
from tracker.tasks.states import LEAD, PROGRESS
from tracker.workdays import ESTIMATED, Schedule, Workdays

EARLY, IN_TIME = date(2026, 4, 1), date(2026, 4, 10)
SOONER = date(2026, 4, 8)
SPRING = Schedule(
    free=frozenset(date(2027, 1, day) for day in range(4, 9)), worked=frozenset({date(2027, 1, 9)})
)
PUBLISHED = Workdays({2027: SPRING})


def change(desk: Desk, day: date, *, cadence: str = QUARTER, due_workdays: int = 10) -> int:
    calendar = calendar_of(EIGHTH, LEAD)
    chief = by(desk.cast.chief, day)
    return scheduling.change(calendar, chief, WORKDAYS, cadence=cadence, due_workdays=due_workdays)


def test_an_untouched_future_obligation_gets_the_new_day(desk: Desk, first: Obligation) -> None:
    assert change(desk, EARLY, due_workdays=5) > 0
    assert (first.due_on, first.awaited_by) == (SOONER, SOONER)


def test_an_overdue_obligation_keeps_its_day(desk: Desk, first: Obligation) -> None:
    assert change(desk, date(2026, 4, 20), due_workdays=20) == 0
    assert first.awaited_by == Q1_DUE


def test_a_new_day_that_has_passed_already_is_not_given(desk: Desk, first: Obligation) -> None:
    assert change(desk, IN_TIME, due_workdays=5) == 0
    assert first.awaited_by == Q1_DUE


def test_what_somebody_has_begun_to_write_keeps_its_day(desk: Desk, first: Obligation) -> None:
    desk.draft(first, EARLY)
    change(desk, EARLY, due_workdays=5)
    assert first.awaited_by == Q1_DUE


def test_what_was_filed_withdrawn_or_extended_keeps_its_day(desk: Desk) -> None:
    filed, withdrawn, extended = [owed(task) for task in tasks_of(TAX, EIGHTH)[:3]]
    for found in (filed, withdrawn):
        desk.file(found, EARLY)
    desk.withdraw(withdrawn, EARLY)
    moving.extend(extended, by(desk.cast.chief, EARLY), day=date(2026, 5, 6), note="-")
    change(desk, EARLY, due_workdays=5)
    days = [found.awaited_by for found in (filed, withdrawn, extended)]
    assert days == [None, Q1_DUE, date(2026, 5, 6)]


def test_what_a_calendar_gave_another_day_can_be_given_another_again(
    desk: Desk, first: Obligation
) -> None:
    change(desk, EARLY, due_workdays=5)
    change(desk, EARLY, due_workdays=10)
    assert first.awaited_by == Q1_DUE


def test_only_the_notice_and_role_of_the_calendar_are_touched(desk: Desk) -> None:
    change(desk, EARLY, due_workdays=5)
    elsewhere = select(Obligation.due_on).where(
        Obligation.notice_id != tracking_of(EIGHTH).notice_id, Obligation.role == LEAD
    )
    assert set(db.session.scalars(elsewhere)) == {Q1_DUE}


def test_a_confirmation_gets_the_new_day_too(desk: Desk, first: Obligation) -> None:
    desk.file(first, EARLY, LANDED)
    desk.accept(first, EARLY)
    open_on(date(2026, 10, 1))
    confirmation = owed(task_of(TAX), kind="confirmation", period="2026")
    change(desk, date(2026, 11, 2), due_workdays=5)
    assert confirmation.due_on == WORKDAYS.after(date(2026, 12, 31), 5)


def test_what_is_open_keeps_its_period_when_the_cadence_changes(desk: Desk) -> None:
    change(desk, date(2026, 2, 2), cadence=MONTH)
    open_on(date(2026, 3, 31))
    assert owed_by(task_of(TAX)) == [(PROGRESS, "2026-Q1")]


def test_a_new_cadence_begins_after_the_last_period_that_is_open(desk: Desk) -> None:
    change(desk, date(2026, 2, 2), cadence=MONTH)
    open_on(date(2026, 5, 1))
    periods = [period for _, period in owed_by(task_of(TAX))]
    assert periods == ["2026-Q1", "2026-M04", "2026-M05"]


def test_the_last_open_period_is_the_latest_whatever_its_cadence_is_called(desk: Desk) -> None:
    change(desk, date(2026, 2, 2), cadence=HALF)
    open_on(date(2026, 7, 1))
    change(desk, date(2026, 8, 3), cadence=MONTH)
    open_on(date(2026, 12, 31))
    assert [period for _, period in owed_by(task_of(TAX))] == ["2026-Q1", "2026-H2"]


def test_a_changed_cadence_never_opens_a_period_that_has_passed(desk: Desk) -> None:
    change(desk, date(2026, 9, 15), cadence=MONTH)
    open_on(date(2026, 10, 1))
    assert owed_by(task_of(TAX)) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-M10")]


def test_before_anything_is_open_a_new_cadence_begins_on_the_day_of_the_change(
    ground: object,
) -> None:
    calendar = calendar_of(EIGHTH, LEAD)
    assert takes_effect(calendar, MONTH, date(2027, 3, 15)) == date(2027, 3, 15)


def test_a_cadence_that_does_not_change_begins_where_it_began(desk: Desk) -> None:
    calendar = calendar_of(EIGHTH, LEAD)
    assert takes_effect(calendar, QUARTER, date(2026, 6, 1)) == calendar.applies_from


CHANGES = st.lists(
    st.tuples(st.integers(1, 120), st.sampled_from(sorted(CADENCES))), min_size=1, max_size=4
)


@given(changes=CHANGES)
@trials(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_however_often_the_cadence_changes_periods_never_overlap(
    desk: Desk, changes: list[tuple[int, str]]
) -> None:
    day = date(2026, 1, 1)
    for days, cadence in changes:
        day += timedelta(days=days)
        open_on(day)
        change(desk, day, cadence=cadence)
    open_on(day + timedelta(days=200))
    opened = [period_named(period) for kind, period in owed_by(task_of(TAX)) if kind == PROGRESS]
    db.session.rollback()
    assert all(before.ends < after.starts for before, after in pairwise(opened))


def test_a_published_year_moves_the_days_that_were_estimated(desk: Desk) -> None:
    open_on(date(2026, 10, 1))
    fourth = owed(task_of(TAX), period="2026-Q4")
    assert fourth.due_on == date(2027, 1, 15)
    assert recompute(by(desk.cast.chief, date(2026, 11, 23)), PUBLISHED) > 0
    assert fourth.due_on == PUBLISHED.after(date(2026, 12, 31), 10) == date(2027, 1, 20)


def test_a_published_year_moves_plans_too(desk: Desk) -> None:
    scheduling.ask(tracking_of(EIGHTH), plan=True, stocktaking=False, on=date(2026, 12, 1))
    open_on(date(2026, 12, 1))
    plan = owed(task_of(TAX), kind="plan", period="")
    recompute(by(desk.cast.chief, date(2026, 12, 2)), PUBLISHED)
    assert plan.due_on == PUBLISHED.after(date(2026, 12, 1), 30)


def test_days_in_published_years_stay_when_another_year_is_published(
    desk: Desk, first: Obligation
) -> None:
    assert recompute(by(desk.cast.chief, EARLY), PUBLISHED) == 0
    assert first.due_on == Q1_DUE


def test_a_preview_shows_the_next_periods_and_their_days() -> None:
    shown = preview(QUARTER, 10, date(2026, 1, 1), date(2026, 2, 2), WORKDAYS)
    assert [(one.period.key, one.due_on) for one in shown[:2]] == [
        ("2026-Q1", Q1_DUE),
        ("2026-Q2", date(2026, 7, 14)),
    ]


def test_a_preview_says_which_days_are_only_estimated() -> None:
    shown = preview(QUARTER, 10, date(2026, 1, 1), date(2026, 2, 2), WORKDAYS)
    assert [one.remark for one in shown] == ["", "", "", ESTIMATED]


@pytest.mark.parametrize("due_workdays", [0, 1, 60])
def test_any_number_of_workdays_can_be_set(
    desk: Desk, first: Obligation, due_workdays: int
) -> None:
    change(desk, date(2026, 3, 2), due_workdays=due_workdays)
    assert first.due_on == WORKDAYS.after(date(2026, 3, 31), due_workdays)
