"""Who owes what, and from when. Each obligation opens once, whatever runs how often."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import (
    BANK,
    BANK_NOW,
    CITY,
    EIGHTH,
    FORWARDED,
    LANDED,
    MARITIME,
    OFFICE,
    OLD,
    Q1_DUE,
    SPLIT,
    STARTED,
    TAX,
    Desk,
    by,
    follow_from,
    open_on,
    owed,
    owed_by,
    task_of,
    tasks_of,
    tracking_of,
    unit,
)
from tracker.db import db
from tracker.notices.models import Mention, Notice
from tracker.reports import queries
from tracker.tasks import moving, scheduling
from tracker.tasks.allocating import allocate
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.states import DUE, LEAD, PROGRESS, STOCKTAKING, UNASSIGNED
from tracker.tasks.tallying import differences

CONFIRMED = date(2026, 11, 23)


def count(*where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(Obligation).where(*where)) or 0


def kinds_of(task: Task) -> set[str]:
    return {kind for kind, _ in owed_by(task)}


def test_each_obligation_opens_once_whatever_runs_how_often(desk: Desk) -> None:
    before = count()
    assert before > 0
    assert open_on(STARTED) == 0
    assert open_on(date(2026, 3, 31)) == 0
    assert count() == before


def test_a_period_opens_on_its_first_day(desk: Desk) -> None:
    assert open_on(date(2026, 3, 31)) == 0
    assert open_on(date(2026, 4, 1)) > 0
    assert owed_by(task_of(TAX)) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q2")]


def test_periods_missed_while_the_machine_was_off_open_when_it_runs_again(desk: Desk) -> None:
    open_on(date(2026, 10, 5))
    periods = [period for _, period in owed_by(task_of(TAX))]
    assert periods == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


def test_a_lead_reports_each_quarter_and_a_city_each_half_year(desk: Desk) -> None:
    open_on(date(2026, 12, 31))
    lead, local = task_of(TAX), task_of(CITY)
    assert len(owed_by(lead)) == 4
    assert owed_by(local) == [(PROGRESS, "2026-H1"), (PROGRESS, "2026-H2")]


def test_a_report_is_due_on_the_tenth_workday_after_its_period(first: Obligation) -> None:
    assert first.due_on == first.awaited_by == Q1_DUE


def test_what_opens_is_written_into_its_history(first: Obligation) -> None:
    moves = db.session.scalars(select(Move).where(Move.obligation_id == first.id)).all()
    assert [(m.event, m.status, m.awaited_by) for m in moves] == [("opened", DUE, Q1_DUE)]


def test_what_opens_is_in_the_tally(desk: Desk) -> None:
    open_on(date(2026, 7, 1))
    assert differences() == 0


def test_a_notice_of_2019_confirmed_today_makes_nothing_overdue(ground: Flask) -> None:
    open_on(CONFIRMED)
    assert count() == 0
    open_on(date(2027, 1, 1))
    assert count(Obligation.awaited_by < date(2027, 4, 1)) == 0


def test_nothing_opens_before_tracking_starts(ground: Flask) -> None:
    follow_from(date(2027, 3, 1))
    open_on(date(2027, 1, 1))
    assert count() == 0


@pytest.mark.parametrize("slug", ["gh-2020-96", "qianhai-6"])
def test_a_reference_and_a_citys_own_notice_owe_nothing(desk: Desk, slug: str) -> None:
    open_on(date(2027, 1, 1))
    notice_id = db.session.scalar(select(Notice.id).where(Notice.slug == slug))
    assert count(Obligation.notice_id == notice_id) == 0


def test_a_class_that_cannot_be_addressed_owes_nothing(desk: Desk) -> None:
    held = db.session.scalars(select(Task.id).where(Task.state == "held")).all()
    assert held
    assert count(Obligation.task_id.in_(held)) == 0


def test_only_leads_and_cities_owe_something(desk: Desk) -> None:
    assert count(Obligation.role.not_in((LEAD, "local"))) == 0


def test_a_notice_without_an_office_is_given_no_calendar(ground: Flask) -> None:
    notice = db.session.scalars(select(Notice).where(Notice.slug == "qianhai-6")).one()
    assert notice.office_id is None
    with pytest.raises(Exception, match="No row was found"):
        tracking_of("qianhai-6")


def test_an_old_notice_asks_for_no_plan_until_it_is_switched_on(desk: Desk) -> None:
    assert "plan" not in kinds_of(task_of(TAX))
    tracking = tracking_of(EIGHTH)
    scheduling.ask(tracking, plan=True, stocktaking=False, on=date(2026, 3, 2))
    open_on(date(2026, 3, 2))
    assert "plan" in kinds_of(task_of(TAX))


def test_a_plan_that_is_switched_on_is_due_30_workdays_after_that_day(desk: Desk) -> None:
    scheduling.ask(tracking_of(EIGHTH), plan=True, stocktaking=False, on=date(2026, 3, 2))
    open_on(date(2026, 3, 2))
    plan = owed(task_of(TAX), kind="plan", period="")
    assert (plan.opens_on, plan.due_on) == (date(2026, 3, 2), date(2026, 4, 14))


def test_plans_are_asked_of_leads_and_never_of_cities(desk: Desk) -> None:
    scheduling.ask(tracking_of(EIGHTH), plan=True, stocktaking=True, on=STARTED)
    open_on(STARTED)
    assert kinds_of(task_of(CITY)) == {PROGRESS}


def test_what_is_deployed_already_owes_a_stock_taking_first_and_then_progress(
    ground: Flask,
) -> None:
    follow_from(date(2026, 2, 2))
    scheduling.ask(tracking_of(OLD), plan=True, stocktaking=True, on=date(2026, 2, 2))
    deployed = next(task for task in tasks_of(TAX, OLD) if task.is_deployed)
    open_on(date(2026, 2, 2))
    assert owed_by(deployed) == [(STOCKTAKING, "")]
    open_on(date(2026, 4, 1))
    assert owed_by(deployed) == [(STOCKTAKING, ""), (PROGRESS, "2026-Q2")]


def test_what_is_not_deployed_yet_owes_a_plan_and_no_stock_taking(desk: Desk) -> None:
    scheduling.ask(tracking_of(OLD), plan=True, stocktaking=True, on=STARTED)
    open_on(STARTED)
    task = next(task for task in tasks_of(TAX, OLD) if not task.is_deployed)
    assert kinds_of(task) == {"plan", PROGRESS}


def test_82_unit_tasks_owe_a_stock_taking(desk: Desk) -> None:
    scheduling.ask(tracking_of(OLD), plan=False, stocktaking=True, on=STARTED)
    open_on(STARTED)
    assert count(Obligation.kind == STOCKTAKING) == 82


@pytest.mark.parametrize(
    ("opens", "name"), [(date(2023, 7, 1), BANK), (date(2023, 10, 1), BANK_NOW)]
)
def test_an_obligation_belongs_to_the_unit_that_lives_on_its_opening_day(
    ground: Flask, opens: date, name: str
) -> None:
    follow_from(opens)
    open_on(opens)
    task = task_of(BANK, FORWARDED)
    quarter = f"2023-Q{(opens.month + 2) // 3}"
    assert owed(task, period=quarter).unit_id == unit(name).id
    assert task.printed == BANK


@pytest.mark.parametrize("name", [SPLIT, "省政务服务数据管理局"])
def test_where_the_successor_is_uncertain_the_office_holds_it_and_awaits_nothing(
    desk: Desk, name: str
) -> None:
    held = owed(task_of(name, FORWARDED))
    assert held.unit_id == unit(OFFICE).id
    assert (held.status, held.awaited_by) == (UNASSIGNED, None)
    assert not queries.owed_by(unit(OFFICE).id)


def test_what_is_held_is_awaited_from_the_unit_a_person_chooses(desk: Desk) -> None:
    held = owed(task_of(SPLIT, FORWARDED))
    chosen = unit("省地方金融管理局").id
    moving.assign(held, by(desk.cast.chief, date(2026, 2, 2)), unit_id=chosen, day=Q1_DUE)
    assert (held.unit_id, held.status, held.awaited_by) == (chosen, DUE, Q1_DUE)


def test_assigned_late_it_is_due_by_the_day_the_person_gives(desk: Desk) -> None:
    held = owed(task_of(SPLIT, FORWARDED))
    day = date(2026, 6, 30)
    moving.assign(held, by(desk.cast.chief, date(2026, 5, 6)), unit_id=unit(MARITIME).id, day=day)
    assert (held.awaited_by, held.due_on) == (day, Q1_DUE)


def test_a_landed_task_owes_one_confirmation_a_year_and_no_more_progress(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, date(2026, 4, 2), LANDED)
    desk.accept(first, date(2026, 4, 3))
    open_on(date(2026, 12, 31))
    assert owed_by(task_of(TAX)) == [(PROGRESS, "2026-Q1"), ("confirmation", "2026")]


def test_a_confirmation_is_due_when_the_years_last_report_would_be(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, date(2026, 4, 2), LANDED)
    desk.accept(first, date(2026, 4, 3))
    open_on(date(2026, 10, 1))
    confirmation = owed(task_of(TAX), kind="confirmation", period="2026")
    assert confirmation.opens_on == date(2026, 10, 1)
    assert confirmation.due_on == owed(task_of(MARITIME), period="2026-Q4").due_on


def test_a_task_that_lands_in_a_running_period_owes_it_once(desk: Desk, first: Obligation) -> None:
    open_on(date(2026, 10, 1))
    third = owed(task_of(TAX), period="2026-Q3")
    desk.file(third, date(2026, 10, 9), LANDED)
    desk.accept(third, date(2026, 10, 12))
    open_on(date(2026, 12, 31))
    assert ("confirmation", "2026") not in owed_by(task_of(TAX))


def test_landing_asks_nothing_for_years_that_are_over(desk: Desk) -> None:
    open_on(date(2027, 4, 1))
    first = owed(task_of(TAX), period="2027-Q1")
    desk.file(first, date(2027, 4, 5), LANDED)
    desk.accept(first, date(2027, 4, 6))
    open_on(date(2027, 12, 31))
    confirmations = [period for kind, period in owed_by(task_of(TAX)) if kind == "confirmation"]
    assert confirmations == ["2027"]


def test_a_task_that_is_not_landed_after_all_owes_progress_again_from_then_on(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, date(2026, 4, 2), LANDED)
    desk.accept(first, date(2026, 4, 3))
    open_on(date(2026, 7, 1))
    desk.amend(first, date(2026, 8, 3))
    desk.file(first, date(2026, 8, 3))
    desk.accept(first, date(2026, 8, 4))
    open_on(date(2026, 10, 1))
    assert owed_by(task_of(TAX)) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q4")]


def test_a_late_report_on_an_earlier_period_does_not_undo_a_landing(
    desk: Desk, first: Obligation
) -> None:
    open_on(date(2026, 4, 1))
    second = owed(task_of(TAX), period="2026-Q2")
    desk.file(second, date(2026, 7, 2), LANDED)
    desk.accept(second, date(2026, 7, 3))
    desk.file(first, date(2026, 7, 6))
    desk.accept(first, date(2026, 7, 7))
    assert task_of(TAX).is_landed


def test_a_unit_named_while_the_notice_is_followed_owes_nothing_for_the_time_before(
    desk: Desk,
) -> None:
    measure_id = task_of(MARITIME, EIGHTH).measure_id
    named = Mention(
        measure_id=measure_id, unit_id=unit(BANK_NOW).id, position=90, printed=BANK_NOW, role=LEAD
    )
    db.session.add(named)
    db.session.flush()
    allocate(tracking_of(EIGHTH).notice_id, date(2026, 8, 3))
    open_on(date(2026, 10, 1))
    assert owed_by(task_of(BANK_NOW, EIGHTH)) == [(PROGRESS, "2026-Q4")]


def test_a_unit_named_later_has_its_30_workdays_for_a_plan_too(desk: Desk) -> None:
    tracking = tracking_of(EIGHTH)
    scheduling.ask(tracking, plan=True, stocktaking=False, on=STARTED)
    measure_id = task_of(MARITIME, EIGHTH).measure_id
    named = Mention(
        measure_id=measure_id, unit_id=unit(BANK_NOW).id, position=90, printed=BANK_NOW, role=LEAD
    )
    db.session.add(named)
    db.session.flush()
    allocate(tracking.notice_id, date(2026, 3, 2))
    open_on(date(2026, 3, 3))
    plan = owed(task_of(BANK_NOW, EIGHTH), kind="plan", period="")
    assert (plan.opens_on, plan.due_on) == (date(2026, 3, 2), date(2026, 4, 14))


def test_every_obligation_that_opens_has_exactly_one_first_event(desk: Desk) -> None:
    open_on(date(2026, 4, 1))
    moves = db.session.scalar(select(func.count()).select_from(Move))
    assert moves == count()
    recorded = db.session.scalars(select(Move.recorded_at).distinct()).all()
    assert len(recorded) == len({STARTED, date(2026, 4, 1)})
