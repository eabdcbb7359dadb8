"""免报: asked for with a reason or given by the office, and owed again once it is lifted."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.cast import (
    CITY,
    EIGHTH,
    FORWARDED,
    TAX,
    Desk,
    by,
    open_on,
    owed,
    owed_by,
    task_of,
    tasks_of,
)
from tracker.db import db
from tracker.tasks import moving, waiving
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.states import (
    ASKED,
    DUE,
    EXEMPT,
    FILED,
    GRANTED,
    LIFTED,
    OPEN,
    PROGRESS,
    REFUSED,
    WAIVED,
    Forbidden,
)
from tracker.tasks.tallying import differences

DAY, LATER, H1_DUE = date(2026, 3, 2), date(2026, 3, 3), date(2026, 7, 14)
REASON = "本地无口岸，不涉及通关作业。"


@pytest.fixture
def local(desk: Desk) -> Task:
    return task_of(CITY, FORWARDED)


@pytest.fixture
def asked(desk: Desk, local: Task) -> Waiver:
    return waiving.ask(local, by(desk.cast.city_signer, DAY), reason=REASON)


def half(task: Task) -> Obligation:
    return owed(task, period="2026-H1")


def test_nothing_is_waived_before_the_office_agrees(local: Task, asked: Waiver) -> None:
    assert (asked.state, asked.reason, local.state) == (ASKED, REASON, OPEN)
    assert (half(local).status, half(local).awaited_by) == (DUE, H1_DUE)


def test_what_the_office_grants_is_owed_no_more(desk: Desk, local: Task, asked: Waiver) -> None:
    waiving.grant(asked, local, by(desk.cast.reviewer, LATER))
    assert (asked.state, asked.ruled_by, local.state) == (GRANTED, desk.cast.reviewer, EXEMPT)
    assert (half(local).status, half(local).awaited_by) == (WAIVED, None)
    assert differences() == 0


def test_what_is_waived_opens_no_later_periods(desk: Desk, local: Task, asked: Waiver) -> None:
    waiving.grant(asked, local, by(desk.cast.reviewer, LATER))
    open_on(date(2027, 1, 1))
    assert owed_by(local) == [(PROGRESS, "2026-H1")]


def test_what_the_office_refuses_is_owed_as_before(desk: Desk, local: Task, asked: Waiver) -> None:
    waiving.refuse(asked, by(desk.cast.reviewer, LATER), note="广州有口岸，请继续报送。")
    assert (asked.state, local.state, half(local).awaited_by) == (REFUSED, OPEN, H1_DUE)


def test_a_refusal_says_why(desk: Desk, asked: Waiver) -> None:
    with pytest.raises(Forbidden, match="请写明不同意的理由。"):
        waiving.refuse(asked, by(desk.cast.reviewer, LATER), note=" ")


def test_after_a_refusal_it_may_be_asked_for_again(desk: Desk, local: Task, asked: Waiver) -> None:
    waiving.refuse(asked, by(desk.cast.reviewer, LATER), note="请说明情况。")
    again = waiving.ask(local, by(desk.cast.city_signer, LATER), reason=REASON)
    assert again.state == ASKED


def test_it_is_asked_for_once(desk: Desk, local: Task, asked: Waiver) -> None:
    with pytest.raises(Forbidden, match="已提出免报申请"):
        waiving.ask(local, by(desk.cast.city_signer, DAY), reason=REASON)


def test_a_request_is_ruled_on_once(desk: Desk, local: Task, asked: Waiver) -> None:
    waiving.grant(asked, local, by(desk.cast.reviewer, LATER))
    with pytest.raises(Forbidden, match="已经处理"):
        waiving.refuse(asked, by(desk.cast.chief, LATER), note="不同意")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "请写明免报的理由。"), ("字" * 501, "最多500字"), ("本地\x00", "控制字符")],
)
def test_a_request_needs_a_reason_that_can_be_kept(
    desk: Desk, local: Task, reason: str, sentence: str
) -> None:
    with pytest.raises(Forbidden, match=sentence):
        waiving.ask(local, by(desk.cast.city_signer, DAY), reason=reason)


def test_a_request_comes_from_a_person(desk: Desk, local: Task) -> None:
    with pytest.raises(Forbidden, match="具体人员"):
        waiving.ask(local, by(None, DAY), reason=REASON)


def test_what_owes_nothing_needs_no_waiver(desk: Desk) -> None:
    recorded = db.session.scalars(select(Task).where(Task.state == "recorded")).first()
    assert recorded is not None
    with pytest.raises(Forbidden, match="无需申请免报"):
        waiving.ask(recorded, by(desk.cast.city_signer, DAY), reason=REASON)


def test_the_office_waives_a_measure_in_many_cities_at_once(desk: Desk, local: Task) -> None:
    everywhere = select(Task).where(Task.measure_id == local.measure_id, Task.role == "local")
    tasks = db.session.scalars(everywhere).all()
    assert waiving.waive(tasks, by(desk.cast.chief, DAY), reason=REASON) == len(tasks) > 15
    assert {half(task).status for task in tasks} == {WAIVED}
    assert differences() == 0


def test_waiving_twice_waives_once(desk: Desk, local: Task) -> None:
    chief = by(desk.cast.chief, DAY)
    assert waiving.waive([local], chief, reason=REASON) == 1
    assert waiving.waive([local], chief, reason=REASON) == 0
    assert db.session.scalar(select(func.count()).select_from(Waiver)) == 1


def test_what_the_office_waives_by_itself_settles_the_citys_request(
    desk: Desk, local: Task, asked: Waiver
) -> None:
    waiving.waive([local], by(desk.cast.chief, LATER), reason="全省统一免报。")
    waivers = db.session.scalars(select(Waiver)).all()
    assert [(w.state, w.reason, w.ruled_by) for w in waivers] == [
        (GRANTED, REASON, desk.cast.chief)
    ]


def test_the_office_gives_a_reason_too(desk: Desk, local: Task) -> None:
    with pytest.raises(Forbidden, match="请写明免报的理由。"):
        waiving.waive([local], by(desk.cast.chief, DAY), reason="")


def test_what_is_filed_already_is_reviewed_as_before(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY)
    waiving.waive([task_of(TAX)], by(desk.cast.chief, LATER), reason=REASON)
    assert first.status == FILED


def test_a_waived_report_that_had_been_returned_counts_as_waived_alone(
    desk: Desk, first: Obligation
) -> None:
    desk.file(first, DAY)
    desk.send_back(first, DAY, LATER)
    waiving.waive([task_of(TAX)], by(desk.cast.chief, LATER), reason=REASON)
    assert (first.status, first.awaited_by) == (WAIVED, None)
    assert differences() == 0


def test_lifted_it_is_owed_again_by_its_own_day_where_that_is_later(
    desk: Desk, local: Task, asked: Waiver
) -> None:
    waiving.grant(asked, local, by(desk.cast.reviewer, LATER))
    chief = by(desk.cast.chief, date(2026, 5, 6))
    waiving.lift(asked, local, chief, day=date(2026, 6, 1), note="已设口岸。")
    assert (asked.state, local.state) == (LIFTED, OPEN)
    assert (half(local).status, half(local).awaited_by) == (DUE, H1_DUE)


def test_lifted_it_is_owed_again_by_the_day_given_where_that_is_later(
    desk: Desk, local: Task, asked: Waiver
) -> None:
    waiving.grant(asked, local, by(desk.cast.reviewer, LATER))
    chief, day = by(desk.cast.chief, date(2026, 7, 20)), date(2026, 8, 3)
    waiving.lift(asked, local, chief, day=day, note="")
    assert (half(local).awaited_by, half(local).due_on) == (day, H1_DUE)


def test_lifted_the_periods_of_the_exemption_are_never_asked_for(desk: Desk) -> None:
    task = task_of(TAX, EIGHTH)
    waiving.waive([task], by(desk.cast.chief, DAY), reason=REASON)
    open_on(date(2026, 10, 1))
    lifted = by(desk.cast.chief, date(2026, 11, 2))
    waiver = db.session.scalars(select(Waiver)).one()
    waiving.lift(waiver, task, lifted, day=date(2026, 12, 1), note="")
    open_on(date(2026, 11, 3))
    assert owed_by(task) == [(PROGRESS, "2026-Q1"), (PROGRESS, "2026-Q4")]
    assert owed(task).status == WAIVED
    assert owed(task, period="2026-Q4").status == DUE


def test_lifted_what_was_overdue_is_owed_again(desk: Desk, first: Obligation) -> None:
    task = task_of(TAX)
    open_on(date(2026, 4, 1))
    waiving.waive([task], by(desk.cast.chief, date(2026, 4, 20)), reason=REASON)
    waiver = db.session.scalars(select(Waiver)).one()
    day = date(2026, 4, 30)
    waiving.lift(waiver, task, by(desk.cast.chief, date(2026, 4, 21)), day=day, note="")
    assert first.awaited_by == day
    assert owed(task, period="2026-Q2").awaited_by == H1_DUE


def test_only_a_waiver_that_holds_is_lifted(desk: Desk, local: Task, asked: Waiver) -> None:
    with pytest.raises(Forbidden, match="没有处于免报状态"):
        waiving.lift(asked, local, by(desk.cast.chief, LATER), day=LATER, note="")


def test_of_a_citys_tasks_only_the_waived_one_is_waived(desk: Desk, local: Task) -> None:
    waiving.waive([local], by(desk.cast.chief, DAY), reason=REASON)
    others = tasks_of(CITY, FORWARDED)[1:]
    assert {half(task).status for task in others} == {DUE}


def test_a_waived_obligation_can_be_reopened_alone(desk: Desk, first: Obligation) -> None:
    chief = by(desk.cast.chief, DAY)
    moving.waive(first, chief, note="-")
    moving.reopen(first, chief, day=DAY, note="-")
    assert (first.status, first.awaited_by) == (DUE, first.due_on)
