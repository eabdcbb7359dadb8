"""`tracker init`: what stands in a fresh installation."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.operations.documents import DAY, contents, count
from tracker.db import db
from tracker.notices import queries
from tracker.notices.models import Measure, MeasureList, Notice, Reach, Remark
from tracker.operations.initialising import Refused, initialise
from tracker.registry.models import City, Unit
from tracker.tasks.models import Task
from tracker.tasks.states import HELD, LEAD, LOCAL, OPEN, RECORDED, SUPPORT

# Each table of the seeds: its notice, its place in it, its measures, unit tasks and local tasks.
TABLES = [
    ("ftz-10", 1, 19, 57, 386),
    ("yfh-2023-59", 1, 20, 30, 395),
    ("qianhai-6", 1, 38, 46, 37),
    ("yfh-2020-146", 1, 36, 72, 660),
    ("gh-2020-96", 1, 37, 60, 0),
    ("ybh-2019-376", 1, 13, 54, 273),
    ("ybh-2019-376", 2, 23, 84, 483),
    ("ybh-2019-376", 3, 11, 21, 231),
    ("ybh-2019-376", 4, 11, 22, 231),
]


def again(*, demonstration: bool = False) -> None:
    initialise(demonstration=demonstration, on=DAY, sources=None, say=lambda _line: None)
    db.session.remove()


def tasks_of(slug: str):
    return select(Task).join(Notice, Task.notice_id == Notice.id).where(Notice.slug == slug)


def measure(slug: str, no: str, position: int = 1) -> Measure:
    query = select(Measure).join(MeasureList, Measure.list_id == MeasureList.id)
    query = query.join(Notice, Measure.notice_id == Notice.id)
    return db.session.scalars(
        query.where(Notice.slug == slug, MeasureList.position == position, Measure.no == no)
    ).one()


def test_it_holds_208_measures_446_unit_tasks_and_2696_local_tasks(app: Flask) -> None:
    assert count(select(Measure)) == 208
    assert count(select(Task).where(Task.role.in_([LEAD, SUPPORT]))) == 446
    assert count(select(Task).where(Task.role == LOCAL)) == 2696


@pytest.mark.parametrize(("slug", "position", "measures", "units", "cities"), TABLES)
def test_every_table_has_its_measures_and_its_tasks(
    app: Flask, slug: str, position: int, measures: int, units: int, cities: int
) -> None:
    listed = select(Measure.id).join(MeasureList, Measure.list_id == MeasureList.id)
    listed = listed.join(Notice, MeasureList.notice_id == Notice.id)
    listed = listed.where(Notice.slug == slug, MeasureList.position == position)
    tasks = select(Task).where(Task.measure_id.in_(listed))
    assert count(listed) == measures
    assert count(tasks.where(Task.role != LOCAL)) == units
    assert count(tasks.where(Task.role == LOCAL)) == cities


def test_1218_local_tasks_rest_on_the_scope_of_a_whole_notice(app: Flask) -> None:
    assert count(tasks_of("ybh-2019-376").where(Task.role == LOCAL)) == 1218
    lists = db.session.scalars(select(MeasureList).where(MeasureList.scope_words != "")).all()
    assert {(one.scope_raw, one.scope_words) for one in lists} == {("全省", "我省决定全面开展")}
    assert len(lists) == 4


def test_four_measures_wait_for_the_office_to_designate_cities(app: Flask) -> None:
    waiting = queries.waiting_scopes()
    assert len(waiting) == 4
    reached = select(Reach).where(Reach.measure_id.in_([one.id for one in waiting]))
    assert count(reached) == 0


def test_36_measures_know_the_measure_of_the_state_that_they_forward(app: Flask) -> None:
    heirs = db.session.scalars(select(Measure).where(Measure.forwards_id.is_not(None))).all()
    assert len(heirs) == 36
    assert {one.notice_id for one in heirs} == {queries.notice("yfh-2020-146").id}


def test_one_measure_of_the_state_has_no_heir(app: Flask) -> None:
    left = queries.without_heir(queries.notice("gh-2020-96").id)
    assert [one.title[:4] for one in left] == ["空铁联运"]


def test_21_measures_and_82_unit_tasks_start_as_deployed_already(app: Flask) -> None:
    assert count(select(Measure).where(Measure.is_deployed)) == 21
    assert count(select(Task).where(Task.is_deployed)) == 82
    assert count(select(Task).where(Task.is_deployed, Task.role == LOCAL)) == 0


def test_every_measure_has_one_first_lead_and_it_is_the_one_printed_first(app: Flask) -> None:
    first = db.session.execute(
        select(Task.printed, Measure.units_raw)
        .join(Measure, Task.measure_id == Measure.id)
        .where(Task.role == LEAD, Task.position == 1)
    ).all()
    assert len(first) == 208
    begins = ["".join(raw.split()).startswith(printed[:2]) for printed, raw in first]
    assert all(begins)


def test_a_class_of_units_has_a_task_that_the_office_holds(app: Flask) -> None:
    held = select(Task.printed).where(Task.state == HELD)
    classes = select(Unit.id).where(Unit.kind == "class")
    assert count(held) == 9
    assert count(held.where(Task.unit_id.not_in(classes))) == 0
    assert count(select(Task).where(Task.unit_id.in_(classes), Task.state != HELD)) == 0


def test_tasks_of_the_states_notice_are_on_record_and_no_city_has_any(app: Flask) -> None:
    query = tasks_of("gh-2020-96").with_only_columns(Task.role, Task.state)
    states = db.session.execute(query).all()
    assert set(states) == {(LEAD, RECORDED)}
    assert len(states) == 60


def test_scopes_of_the_states_notice_are_neither_resolved_nor_waiting(app: Flask) -> None:
    notice = queries.notice("gh-2020-96")
    states = select(Measure.scope_state).where(Measure.notice_id == notice.id).distinct()
    assert db.session.scalars(states).all() == ["reference"]


def test_shenzhen_is_done_and_owes_nothing_where_the_notice_says_so(app: Flask) -> None:
    shenzhen = db.session.scalars(select(City.id).where(City.name == "深圳市")).one()
    done = db.session.scalars(select(Reach).where(Reach.is_done_already)).all()
    measures = [one.measure_id for one in done]
    owing = select(Task).where(Task.role == LOCAL, Task.measure_id.in_(measures))
    assert {one.city_id for one in done} == {shenzhen}
    assert count(owing.where(Task.city_id == shenzhen)) == 0
    assert count(owing) == 20 * len(done)


def test_local_tasks_of_a_citys_own_notice_are_on_record_for_that_city(app: Flask) -> None:
    local = tasks_of("qianhai-6").where(Task.role == LOCAL)
    found = db.session.execute(
        local.with_only_columns(Task.state, City.name, func.count())
        .join(City, Task.city_id == City.id)
        .group_by(Task.state, City.name)
    ).all()
    assert found == [(RECORDED, "深圳市", 37)]


def test_all_other_tasks_are_open(app: Flask) -> None:
    others = select(Task).join(Notice, Task.notice_id == Notice.id)
    others = others.where(Notice.slug.not_in(["gh-2020-96", "qianhai-6"]), Task.state != OPEN)
    assert count(others) == count(others.where(Task.state == HELD))


def test_a_task_keeps_the_name_as_printed_beside_the_unit_it_was_taken_for(app: Flask) -> None:
    printed = db.session.execute(
        select(Task.printed, Unit.name)
        .join(Unit, Task.unit_id == Unit.id)
        .where(Task.printed == "省药监局")
        .distinct()
    ).all()
    assert printed == [("省药监局", "省药品监管局")]


def test_the_2019_lists_are_partly_to_be_adopted_and_partly_to_be_drawn_on(app: Flask) -> None:
    lists = queries.lists(queries.notice("ybh-2019-376").id)
    assert [one.adoption for one in lists] == ["复制推广", "借鉴", "复制推广", "借鉴"]


def test_the_same_number_in_two_lists_means_two_measures(app: Flask) -> None:
    first, third = measure("ybh-2019-376", "1", 1), measure("ybh-2019-376", "1", 3)
    assert first.title != third.title


def test_remarks_of_a_fresh_installation_are_those_of_the_tables_themselves(app: Flask) -> None:
    counted = db.session.execute(
        select(Remark.code, func.count().label("number")).group_by(Remark.code)
    ).all()
    assert {row.code: row.number for row in counted} == {
        "open-ended": 10,
        "scope-assumed": 4,
        "scope-waiting": 4,
        "title-tracked": 2,
        "unit-mended": 1,
    }


def test_a_second_time_changes_no_row_of_any_table(app: Flask) -> None:
    before = contents()
    again()
    assert contents() == before


def test_demonstration_data_never_comes_into_a_real_installation(app: Flask) -> None:
    before = contents()
    with pytest.raises(Refused, match=r"正式环境.*TRACKER_INSTANCE"):
        again(demonstration=True)
    db.session.remove()
    assert contents() == before
