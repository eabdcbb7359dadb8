"""停止跟踪: nothing is asked for any more, what was filed stays, and it can be taken up again."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import OFFICE, TAX, WORKDAYS, Desk, by, moment, open_on, owed, unit
from tests.tasks.test_following import GROUND, Q2, QIANHAI, STATE, follow, notice, scopes, tasks
from tracker.coordinating import disputing
from tracker.db import db
from tracker.registry.scopes import REFERENCE, RESOLVED
from tracker.reports import unsent
from tracker.tasks import following, queries, stopping, waiving
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.opening import open_all
from tracker.tasks.states import (
    ACCEPTED,
    DUE,
    EXEMPT,
    HELD,
    LEAD,
    LOCAL,
    OPEN,
    OVER,
    RECORDED,
    Forbidden,
)

LATER, Q3 = date(2026, 5, 6), date(2026, 7, 1)
WHY = "演示：纳入有误。"


def stop(desk: Desk, slug: str, day: date = LATER, why: str = WHY) -> stopping.Stopped:
    found = notice(slug)
    standing = stopping.standing(found, unit(OFFICE).id)
    assert standing
    return stopping.stop(found, standing, by(desk.cast.chief, day), why=why)


def statuses(slug: str) -> Counter[str]:
    query = select(Obligation.status).where(Obligation.notice_id == notice(slug).id)
    return Counter(db.session.scalars(query))


def followed(desk: Desk, slug: str = STATE, **more: object) -> list[Task]:
    """It owes its first quarter; its open tasks of units, those of 省税务局 first."""
    follow(desk, slug, **more)
    open_on(Q2)
    mine = Task.unit_id == unit(TAX).id
    query = select(Task).where(Task.notice_id == notice(slug).id, Task.state == OPEN)
    return list(db.session.scalars(query.where(Task.role == LEAD).order_by(mine.desc(), Task.id)))


@pytest.mark.parametrize("slug", [QIANHAI, STATE])
def test_what_is_open_ends_and_nothing_opens_any_more(desk: Desk, slug: str) -> None:
    followed(desk, slug)
    foreseen = sum(row.number for row in stopping.ending(notice(slug).id))
    stopped = stop(desk, slug)
    assert stopped.ended == foreseen > 0
    assert statuses(slug) == {OVER: foreseen}
    assert {state for _, state in tasks(slug)} == {RECORDED}
    assert queries.tracking(notice(slug).id) is None
    before = statuses(slug)
    open_all(Q3, at=moment(Q3, 0), workdays=WORKDAYS, notice_id=notice(slug).id)
    assert statuses(slug) == before


def test_the_end_stands_in_the_history_of_each_with_its_ground(desk: Desk) -> None:
    (task, *_) = followed(desk)
    stop(desk, STATE)
    query = select(Move.note).join(Obligation, Move.obligation_id == Obligation.id)
    notes = db.session.scalars(query.where(Obligation.task_id == task.id).order_by(Move.id)).all()
    assert notes[-1] == f"停止跟踪：{WHY}"
    (kept,) = following.history(notice(STATE).id)
    assert (kept.source, kept.stopped_why, kept.stopped_at is not None) == (GROUND, WHY, True)
    assert kept.stopped_by == f"{OFFICE}chief"


def test_what_was_filed_stays_with_the_office_that_reviews_it(desk: Desk) -> None:
    first, second, *_ = followed(desk)
    accepted, filed = owed(first, period="2026-Q2"), owed(second, period="2026-Q2")
    desk.file(accepted, LATER)
    desk.accept(accepted, LATER)
    desk.file(filed, LATER)
    stop(desk, STATE)
    assert notice(STATE).office_id == unit(OFFICE).id
    desk.accept(filed, LATER)
    assert (accepted.status, filed.status) == (ACCEPTED, ACCEPTED)
    assert desk.report(accepted).revision == 1


def test_drafts_are_counted_before_and_come_back_from_the_signer(desk: Desk) -> None:
    first, second, *_ = followed(desk)
    written, submitted = owed(first, period="2026-Q2"), owed(second, period="2026-Q2")
    desk.draft(written, LATER)
    desk.submit(submitted, LATER)
    assert unsent.number(notice(STATE).id) == 2
    unsent.give_back(notice(STATE).id, by(desk.cast.chief, LATER), note="停止跟踪")
    stop(desk, STATE)
    assert (desk.report(written).state, desk.report(submitted).state) == ("draft", "sent_back")
    assert desk.report(submitted).body["progress"]


def test_it_is_taken_up_again_with_what_it_owed_and_time_to_file(desk: Desk) -> None:
    followed(desk)
    before = statuses(STATE)
    stop(desk, STATE)
    again = follow(desk, STATE, LATER)
    assert again == before[DUE]
    assert statuses(STATE) == before
    awaited = db.session.scalars(
        select(Obligation.awaited_by).where(Obligation.notice_id == notice(STATE).id)
    )
    assert min(day for day in awaited if day) >= WORKDAYS.after(LATER, 10)
    latest, earlier = following.history(notice(STATE).id)
    assert (latest.stopped_at, earlier.stopped_at is None) == (None, False)
    assert stop(desk, STATE).ended == again


def test_taken_up_from_a_later_day_it_does_not_owe_the_time_between(desk: Desk) -> None:
    followed(desk)
    ended = stop(desk, STATE).ended
    assert follow(desk, STATE, LATER, starts_on=Q3) == 0
    assert statuses(STATE) == {OVER: ended}


def test_its_cities_rest_and_come_back_with_the_scopes_that_were_read(desk: Desk) -> None:
    follow(desk, STATE, with_cities=True)
    before, then = tasks(STATE), scopes(STATE)
    stop(desk, STATE)
    assert (scopes(STATE), tasks(STATE)[LOCAL, OPEN]) == ({REFERENCE}, 0)
    follow(desk, STATE, LATER)
    assert tasks(STATE)[LOCAL, RECORDED] == before[LOCAL, OPEN] > 0
    stop(desk, STATE)
    follow(desk, STATE, LATER, with_cities=True)
    assert (tasks(STATE), scopes(STATE)) == (before, then)
    assert RESOLVED in then


def test_what_was_waived_is_waived_still_and_what_was_asked_for_is_settled(desk: Desk) -> None:
    first, second, *_ = followed(desk)
    waiving.waive([first], by(desk.cast.chief, LATER), reason="演示。")
    asked = waiving.ask(second, by(desk.cast.filer, LATER), reason="演示。")
    held = tasks(STATE)[LEAD, HELD]
    stop(desk, STATE)
    assert asked.state == "refused"
    follow(desk, STATE, LATER)
    assert (first.state, second.state) == (EXEMPT, OPEN)
    assert tasks(STATE)[LEAD, HELD] == held


def test_another_office_may_take_up_what_was_stopped(desk: Desk) -> None:
    other = unit("省发展改革委").id
    follow(desk, STATE)
    assert "已有统筹单位" in following.why_not(notice(STATE), other)
    stop(desk, STATE)
    assert following.why_not(notice(STATE), other) == ""
    follow(desk, STATE, LATER, office_id=other)
    assert notice(STATE).office_id == other


def test_it_is_stopped_once_with_a_ground_and_not_over_a_dispute(desk: Desk) -> None:
    task = followed(desk)[0]
    with pytest.raises(Forbidden, match="请写明依据"):
        stop(desk, STATE, why=" ")
    named = unit("省发展改革委")
    signer = by(desk.cast.signer, LATER)
    dispute = disputing.ask(task, signer, unit_id=task.unit_id, reason="演示。", named=named)
    with pytest.raises(Forbidden, match="还有1项归属异议没有裁定"):
        stop(desk, STATE)
    disputing.withdraw(dispute, task, signer, workdays=WORKDAYS)
    stop(desk, STATE)
    assert stopping.standing(notice(STATE), unit(OFFICE).id) is None


def test_what_came_in_with_its_office_cannot_be_stopped(desk: Desk) -> None:
    assert stopping.standing(notice("yfh-2023-59"), unit(OFFICE).id) is None
