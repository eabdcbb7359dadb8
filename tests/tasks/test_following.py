"""纳入跟踪: a notice without an office, or on record only, is taken up; nobody is late by it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import OFFICE, Q2_DUE, WORKDAYS, Desk, by, open_on, owed_by, unit
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.scopes import REFERENCE, RESOLVED, WAITING
from tracker.tasks import designations, following
from tracker.tasks.following import Taking
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import HELD, LEAD, LOCAL, OPEN, PROGRESS, RECORDED, Forbidden

QIANHAI, STATE = "qianhai-6", "gh-2020-96"
DAY, Q2 = date(2026, 3, 2), date(2026, 4, 1)
GROUND = "演示：2026年第1次专题会议纪要。"


def notice(slug: str) -> Notice:
    return db.session.scalars(select(Notice).where(Notice.slug == slug)).one()


def taking(**more: object) -> Taking:
    given = {"office_id": unit(OFFICE).id, "starts_on": Q2, "source": GROUND, **more}
    return Taking(**given)


def follow(desk: Desk, slug: str, day: date = DAY, **more: object) -> int:
    return following.follow(notice(slug), taking(**more), by(desk.cast.chief, day), WORKDAYS)


def tasks(slug: str) -> Counter[tuple[str, str]]:
    query = select(Task.role, Task.state).where(Task.notice_id == notice(slug).id)
    return Counter((row.role, row.state) for row in db.session.execute(query))


def scopes(slug: str) -> set[str]:
    query = select(Measure.scope_state).where(Measure.notice_id == notice(slug).id)
    return set(db.session.scalars(query))


def test_a_notice_that_is_taken_up_owes_from_the_first_period_that_begins_then(desk: Desk) -> None:
    assert follow(desk, QIANHAI) == 0
    assert notice(QIANHAI).office_id == unit(OFFICE).id
    assert open_on(Q2) > 0
    query = select(Obligation).where(Obligation.notice_id == notice(QIANHAI).id)
    found = db.session.scalars(query).all()
    assert {(one.kind, one.period, one.due_on) for one in found} == {(PROGRESS, "2026-Q2", Q2_DUE)}
    assert len(found) == tasks(QIANHAI)[LEAD, OPEN]


def test_a_citys_own_local_tasks_still_owe_nothing(desk: Desk) -> None:
    follow(desk, QIANHAI)
    assert tasks(QIANHAI)[LOCAL, RECORDED] == 37
    assert tasks(QIANHAI)[LOCAL, OPEN] == 0


def test_on_record_only_its_scopes_are_neither_resolved_nor_waiting(desk: Desk) -> None:
    assert scopes(STATE) == {REFERENCE}
    assert {state for _, state in tasks(STATE)} == {RECORDED}


def test_a_reference_notice_that_is_switched_on_begins_its_tasks(desk: Desk) -> None:
    before = tasks(STATE)
    assert follow(desk, STATE) == 0
    now = tasks(STATE)
    assert now[LEAD, OPEN] + now[LEAD, HELD] == before[LEAD, RECORDED]
    assert now[LOCAL, OPEN] == 0
    assert scopes(STATE) == {REFERENCE}
    open_on(Q2)
    task = db.session.scalars(
        select(Task).where(Task.notice_id == notice(STATE).id, Task.state == OPEN)
    ).first()
    assert task
    assert owed_by(task) == [(PROGRESS, "2026-Q2")]


def test_with_its_cities_its_scopes_are_read_and_they_get_their_tasks(desk: Desk) -> None:
    follow(desk, STATE, with_cities=True)
    assert scopes(STATE) <= {RESOLVED, WAITING}
    assert RESOLVED in scopes(STATE)
    assert tasks(STATE)[LOCAL, OPEN] > 0


@pytest.mark.parametrize("slug", [QIANHAI, STATE])
def test_what_is_foreseen_is_what_happens_and_a_look_changes_nothing(desk: Desk, slug: str) -> None:
    before, more = tasks(slug), {"with_cities": True, "starts_on": date(2026, 1, 1)}
    chief = by(desk.cast.chief, DAY)
    told = following.foreseen(notice(slug), taking(**more), chief, WORKDAYS)
    db.session.expire_all()
    assert (tasks(slug), notice(slug).office_id) == (before, None)
    assert follow(desk, slug, **more) == told.opened > 0
    now = tasks(slug)
    assert {row.role: row.tasks for row in told.owing} == {
        role: number for (role, state), number in now.items() if state == OPEN
    }
    assert told.held == sum(number for (_, state), number in now.items() if state == HELD)
    lead = next(row for row in told.owing if row.role == LEAD)
    query = select(Obligation.due_on).where(
        Obligation.notice_id == notice(slug).id, Obligation.role == LEAD
    )
    assert set(db.session.scalars(query)) == {lead.due_on}


def test_what_nobody_supervises_is_counted_for_nobody_and_said_where_it_waits(desk: Desk) -> None:
    office = unit(OFFICE).id
    before = designations.number_undecided(office)
    assert QIANHAI not in {one.slug for one in designations.open_for(office)}
    waiting = {row.slug: row.scopes for row in following.without_office()}
    assert waiting[QIANHAI] > 0
    follow(desk, QIANHAI)
    own = [one for one in designations.open_for(office) if one.slug == QIANHAI]
    assert designations.number_undecided(office) == before + len(own)
    assert len(own) >= waiting[QIANHAI]
    assert QIANHAI not in {row.slug for row in following.without_office()}


def test_it_stays_on_record_who_took_it_up_and_on_which_ground(desk: Desk) -> None:
    follow(desk, STATE)
    (kept,) = following.history(notice(STATE).id)
    assert (kept.office, kept.starts_on, kept.source) == (OFFICE, Q2, GROUND)
    assert (kept.was_reference, kept.with_cities) == (True, False)


@pytest.mark.parametrize(
    ("slug", "more", "sentence"),
    [
        (QIANHAI, {"source": " "}, "请写明依据。"),
        (QIANHAI, {"source": "字" * 201}, "依据最多200字"),
        (QIANHAI, {"starts_on": None}, "请填写开始跟踪的日期。"),
        (QIANHAI, {"starts_on": date(2025, 7, 1)}, "2025年第3季度的报告期限已过"),
        (QIANHAI, {"starts_on": date(2027, 4, 1)}, "不能晚于一年以后"),
        ("yfh-2023-59", {}, "已经纳入跟踪"),
        ("ybh-2019-376", {}, "已有统筹单位"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    desk: Desk, slug: str, more: dict[str, object], sentence: str
) -> None:
    before = tasks(slug)
    with pytest.raises(Forbidden, match=sentence):
        follow(desk, slug, **more)
    assert tasks(slug) == before


def test_it_is_taken_up_once(desk: Desk) -> None:
    follow(desk, QIANHAI)
    with pytest.raises(Forbidden, match="已经纳入跟踪"):
        follow(desk, QIANHAI)
