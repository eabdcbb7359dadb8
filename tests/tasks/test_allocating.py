"""Tasks follow from measures: once, and without touching what is there."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from tests.operations.documents import DAY, contents, count
from tests.statements import asked
from tracker.db import db
from tracker.notices.models import Measure, Notice, Reach
from tracker.registry.models import City, Unit
from tracker.tasks import queries
from tracker.tasks.allocating import allocate
from tracker.tasks.models import Task
from tracker.tasks.queries import Narrowing
from tracker.tasks.states import ENDED, LABELS, LOCAL, ROLES


def notice_id(slug: str) -> int:
    return db.session.scalars(select(Notice.id).where(Notice.slug == slug)).one()


def a_waiting_measure() -> Measure:
    waiting = select(Measure).where(Measure.scope_state == "waiting").order_by(Measure.id)
    return db.session.scalars(waiting.limit(1)).one()


def cities(*names: str) -> list[int]:
    return list(db.session.scalars(select(City.id).where(City.name.in_(names))))


def test_allocating_again_makes_no_task(app: Flask) -> None:
    before = contents()
    for one in db.session.scalars(select(Notice.id)).all():
        allocate(one, DAY)
    assert contents()["task"] == before["task"]


def test_cities_that_are_designated_later_get_their_tasks(app: Flask) -> None:
    measure, before = a_waiting_measure(), count(select(Task))
    rows = [{"measure_id": measure.id, "city_id": i} for i in cities("广州市", "湛江市")]
    db.session.execute(insert(Reach), rows)
    allocate(measure.notice_id, DAY)
    local = select(Unit.name).join(Task, Task.unit_id == Unit.id)
    local = local.where(Task.measure_id == measure.id, Task.role == LOCAL)
    assert sorted(db.session.scalars(local)) == ["广州市人民政府", "湛江市人民政府"]
    assert count(select(Task)) == before + 2


def test_a_task_that_has_moved_on_stays_as_it_is(app: Flask) -> None:
    ended = update(Task).where(Task.notice_id == notice_id("ftz-10")).values(state=ENDED)
    db.session.execute(ended)
    allocate(notice_id("ftz-10"), DAY)
    states = select(Task.state).where(Task.notice_id == notice_id("ftz-10")).distinct()
    assert db.session.scalars(states).all() == [ENDED]


def test_it_takes_two_statements_whatever_the_size(app: Flask) -> None:
    with asked() as seen:
        allocate(notice_id("qianhai-6"), DAY)
        allocate(notice_id("ybh-2019-376"), DAY)
    assert len([one for one in seen if one.startswith("INSERT INTO task ")]) == 4


def test_a_local_task_belongs_to_the_government_of_its_city(app: Flask) -> None:
    owing = select(Unit.kind, Unit.city_id == Task.city_id).join(Task, Task.unit_id == Unit.id)
    owing = owing.where(Task.role == LOCAL).distinct()
    assert [tuple(one) for one in db.session.execute(owing)] == [("government", True)]


def test_a_unit_task_has_no_city_of_its_own(app: Flask) -> None:
    assert count(select(Task).where(Task.role != LOCAL, Task.city_id.is_not(None))) == 0


def test_every_state_and_role_has_its_word(app: Flask) -> None:
    assert set(db.session.scalars(select(Task.state).distinct())) <= set(LABELS)
    assert set(db.session.scalars(select(Task.role).distinct())) <= set(ROLES)


def test_pages_by_key_are_whole_and_overlap_nowhere(app: Flask) -> None:
    seen: list[int] = []
    while page := queries.page(Narrowing(), after=seen[-1] if seen else 0, limit=1000):
        seen.extend(row.id for row in page)
    assert len(seen) == len(set(seen)) == 446 + 2696


@pytest.mark.parametrize(
    ("wanted", "number"),
    [({"role": "local", "words": "知识产权证券化"}, 42), ({"words": "100%"}, 0)],
)
def test_a_filter_narrows_the_page(app: Flask, wanted: dict[str, str], number: int) -> None:
    assert len(queries.page(Narrowing(**wanted), after=0, limit=1000)) == number


def test_an_export_lists_every_task_by_notice_list_and_number(app: Flask) -> None:
    rows = list(queries.every_task())
    ids = [notice_id(row.slug) for row in rows[:: len(rows) // 20]]
    assert len(rows) == 446 + 2696
    assert ids == sorted(ids)


def test_counts_by_notice_add_up(app: Flask) -> None:
    counts = queries.counts_by_notice()
    assert counts[notice_id("qianhai-6")] == {"lead": 46, "local": 37}
    assert sum(sum(roles.values()) for roles in counts.values()) == 446 + 2696
