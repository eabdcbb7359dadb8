"""A work plan's milestones: kept when it is accepted, ticked off by later reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import (
    BODY,
    EIGHTH,
    LANDED,
    MARITIME,
    STARTED,
    TAX,
    WORDS,
    Desk,
    open_on,
    owed,
    task_of,
    tracking_of,
)
from tracker.reports import queries
from tracker.reports.bodies import Body, Step
from tracker.reports.filing import Incomplete
from tracker.tasks import scheduling
from tracker.tasks.models import Obligation

DAY, NEXT = date(2026, 2, 2), date(2026, 2, 3)
STEPS = (
    Step(what="印发实施方案", who="征管处", by_day="2026-03-31"),
    Step(what="全省上线", who="信息中心", by_day="2026-06-30"),
)
PLAN = Body(progress=WORDS, milestones=STEPS)


@pytest.fixture
def plan(desk: Desk) -> Obligation:
    """省税务局's work plan for a measure of 第八批."""
    scheduling.ask(tracking_of(EIGHTH), plan=True, stocktaking=False, on=STARTED)
    open_on(STARTED)
    return owed(task_of(TAX), kind="plan", period="")


@pytest.fixture
def accepted(desk: Desk, plan: Obligation) -> Obligation:
    desk.file(plan, DAY, PLAN)
    desk.accept(plan, NEXT)
    return plan


def steps(owed: Obligation) -> list[tuple[str, date | None]]:
    return [(step.what, step.done_on) for step in queries.milestones(owed.task_id)]


def test_milestones_are_not_there_before_the_plan_is_accepted(desk: Desk, plan: Obligation) -> None:
    desk.file(plan, DAY, PLAN)
    assert steps(plan) == []


def test_milestones_are_kept_when_the_plan_is_accepted(accepted: Obligation) -> None:
    assert steps(accepted) == [("印发实施方案", None), ("全省上线", None)]
    kept = queries.milestones(accepted.task_id)[0]
    assert (kept.who, kept.by_day) == ("征管处", date(2026, 3, 31))


def test_a_later_report_ticks_them_off_once_it_is_accepted(
    desk: Desk, accepted: Obligation
) -> None:
    first = owed(task_of(TAX))
    one = queries.milestones(accepted.task_id)[0].id
    desk.file(first, date(2026, 4, 1), replace(BODY, done=(one,)))
    assert steps(accepted)[0] == ("印发实施方案", None)
    desk.accept(first, date(2026, 4, 2))
    assert steps(accepted) == [("印发实施方案", date(2026, 4, 2)), ("全省上线", None)]


def test_a_tick_keeps_its_first_day(desk: Desk, accepted: Obligation) -> None:
    first = owed(task_of(TAX))
    body = replace(BODY, done=(queries.milestones(accepted.task_id)[0].id,))
    desk.file(first, date(2026, 4, 1), body)
    desk.accept(first, date(2026, 4, 2))
    desk.amend(first, date(2026, 4, 3))
    desk.file(first, date(2026, 4, 3), body)
    desk.accept(first, date(2026, 4, 7))
    assert steps(accepted)[0] == ("印发实施方案", date(2026, 4, 2))


def test_another_tasks_milestones_cannot_be_ticked(desk: Desk, accepted: Obligation) -> None:
    foreign = queries.milestones(accepted.task_id)[0].id
    other = owed(task_of(MARITIME))
    with pytest.raises(Incomplete) as incomplete:
        desk.file(other, date(2026, 4, 1), replace(BODY, done=(foreign,)))
    assert [mistake.field for mistake in incomplete.value.mistakes] == ["milestones"]


def test_a_corrected_plan_keeps_the_ticks_of_the_steps_it_still_names(
    desk: Desk, accepted: Obligation
) -> None:
    first = owed(task_of(TAX))
    one = queries.milestones(accepted.task_id)[0].id
    desk.file(first, date(2026, 4, 1), replace(BODY, done=(one,)))
    desk.accept(first, date(2026, 4, 2))
    desk.amend(accepted, date(2026, 5, 6))
    new = Step(what="评估成效", who="征管处", by_day="2026-12-31")
    desk.file(accepted, date(2026, 5, 6), replace(PLAN, milestones=(new, STEPS[0])))
    desk.accept(accepted, date(2026, 5, 7))
    assert steps(accepted) == [("评估成效", None), ("印发实施方案", date(2026, 4, 2))]


def test_accepting_a_plan_says_nothing_about_landing(desk: Desk, plan: Obligation) -> None:
    first = owed(task_of(TAX))
    desk.file(first, DAY, LANDED)
    desk.accept(first, NEXT)
    desk.file(plan, NEXT, PLAN)
    desk.accept(plan, NEXT)
    assert task_of(TAX).is_landed
