"""任务分解: a city names who leads each of its local tasks, many at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import CITY, OFFICE, TAX, Desk, by, tasks_of, unit
from tracker.db import db
from tracker.registry.models import Unit
from tracker.reports import parting
from tracker.reports.models import Part
from tracker.tasks import breakdowns
from tracker.tasks.breaking_down import Order, break_down, wrongs
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import LOCAL, Forbidden

DAY = date(2026, 7, 10)
ORDER = Order(lead="市商务局", person="张三（演示）", mechanism="每月调度一次。")


def local() -> list[Task]:
    return tasks_of(CITY, "yfh-2023-59", role=LOCAL)


def write(desk: Desk, orders: dict[int, Order]) -> int:
    return break_down(unit(CITY).id, orders, by(desk.cast.city_filer, DAY))


def department() -> Unit:
    made = Unit(
        name="广州市商务局",
        level="city",
        kind="department",
        city_id=unit(CITY).city_id,
        sure=True,
        source="测试",
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_many_tasks_are_broken_down_at_once_and_only_changes_are_written(desk: Desk) -> None:
    orders = {task.id: ORDER for task in local()}
    assert write(desk, orders) == len(orders) > 15
    assert write(desk, orders) == 0
    rows = {row.id: row for row in breakdowns.of_unit(unit(CITY).id)}
    assert all(rows[task_id].lead == ORDER.lead for task_id in orders)


def test_an_emptied_row_is_open_again(desk: Desk) -> None:
    task = local()[0]
    write(desk, {task.id: ORDER})
    write(desk, {task.id: Order()})
    assert breakdowns.one(task.id) is None


def test_a_city_breaks_down_its_own_tasks_only(desk: Desk) -> None:
    other = tasks_of(TAX, "yfh-2023-59")[0]
    with pytest.raises(Forbidden, match="不是本市"):
        write(desk, {other.id: ORDER})


def test_the_office_sees_how_far_each_city_has_come(desk: Desk) -> None:
    write(desk, {task.id: ORDER for task in local()[:3]})
    rows = {row.name: row for row in breakdowns.by_city(unit(OFFICE).id)}
    assert rows["广州市"].named == 3
    assert rows["深圳市"].named == 0
    assert rows["广州市"].tasks > 15


def test_lead_departments_that_are_units_are_asked_for_their_part(desk: Desk) -> None:
    task, made = local()[0], department()
    write(desk, {task.id: Order(lead=made.name, person="李四（演示）")})
    pairs = breakdowns.to_ask(unit(CITY).id)
    days = {one.id: one.awaited_by for one, _ in pairs}
    assert {unit_id for _, unit_id in pairs} == {made.id}
    parting.ask_each(pairs, by(desk.cast.city_filer, DAY), words="请提供。", day=DAY)
    parts = db.session.scalars(select(Part).where(Part.unit_id == made.id)).all()
    assert {part.obligation_id for part in parts} == set(days)
    for one in db.session.scalars(select(Obligation).where(Obligation.id.in_(days))):
        assert one.awaited_by == days[one.id]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(person="张三"), "lead"),
        (Order(lead="市商务局"), "person"),
        (Order(lead="市商务局", person="字" * 41), "person"),
        (Order(lead="市商务局", person="张三", mechanism="字" * 501), "mechanism"),
        (Order(lead="市\x01局", person="张三"), "lead"),
    ],
)
def test_what_cannot_be_kept_is_said_for_its_field(order: Order, field: str) -> None:
    assert set(wrongs(order)) == {field}
    assert not wrongs(ORDER)
    assert not wrongs(Order())
