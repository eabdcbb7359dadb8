"""任务分解: a city names, for each local task, who leads it there and how; many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.registry.models import Unit
from tracker.tasks.models import Breakdown, Task
from tracker.tasks.moving import By, flush
from tracker.tasks.states import LOCAL, Forbidden
from tracker.tasks.wording import clean, control_in

LONGEST = {"lead": 80, "person": 40, "mechanism": 500}
NAMES = {"lead": "市牵头部门", "person": "责任人", "mechanism": "工作机制"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """One row: what the city wrote for a task."""

    lead: str = ""
    person: str = ""
    mechanism: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lead or self.person or self.mechanism)


def cleaned(order: Order) -> Order:
    return Order(
        lead=" ".join(clean(order.lead).split()),
        person=" ".join(clean(order.person).split()),
        mechanism=clean(order.mechanism),
    )


def wrongs(order: Order) -> dict[str, str]:
    """A sentence for each field that cannot be kept."""
    found = {}
    for field, longest in LONGEST.items():
        text = getattr(order, field)
        if len(text) > longest:
            found[field] = f"{NAMES[field]}最多{longest}字，请删减{len(text) - longest}字。"
        elif control_in(text):
            found[field] = f"{NAMES[field]}有无法显示的控制字符，请删去。"
    if not order.is_empty and not order.lead:
        found["lead"] = "请填写市牵头部门。"
    if order.lead and not order.person:
        found["person"] = "请填写责任人。"
    return found


def break_down(unit_id: int, orders: Mapping[int, Order], by: By) -> int:
    """Write down what is new, by task; the city's own tasks only. How many rows changed."""
    if by.person_id is None:
        raise Forbidden("任务分解须由具体人员填写。")
    own = _own_tasks(unit_id, orders)
    if set(orders) - own.keys():
        raise Forbidden("有的任务不是本市的属地任务，请刷新页面后重填。")
    known = _known(own)
    leads = _departments({order.lead for order in orders.values()}, own)
    changed = 0
    for task_id, order in orders.items():
        row = known.get(task_id)
        now = Order(lead=row.lead, person=row.person, mechanism=row.mechanism) if row else Order()
        if order == now:
            continue
        changed += 1
        _write(row, task_id, order, leads.get(order.lead), by)
    flush()
    return changed


def _own_tasks(unit_id: int, orders: Mapping[int, Order]) -> dict[int, Task]:
    query = select(Task).where(Task.id.in_(orders), Task.unit_id == unit_id, Task.role == LOCAL)
    return {task.id: task for task in db.session.scalars(query)}


def _known(own: Mapping[int, Task]) -> dict[int, Breakdown]:
    query = select(Breakdown).where(Breakdown.task_id.in_(own)).with_for_update()
    return {row.task_id: row for row in db.session.scalars(query)}


def _departments(names: set[str], own: Mapping[int, Task]) -> dict[str, int]:
    """Which of the names are units of the city: these can be asked for their part."""
    cities = {task.city_id for task in own.values()}
    query = select(Unit.name, Unit.id).where(Unit.name.in_(names), Unit.city_id.in_(cities))
    return {row.name: row.id for row in db.session.execute(query)}


def _write(row: Breakdown | None, task_id: int, order: Order, lead_id: int | None, by: By) -> None:
    if order.is_empty:
        if row:
            db.session.delete(row)
        return
    if row is None:
        row = Breakdown(task_id=task_id)
        db.session.add(row)
    row.lead, row.lead_id = order.lead, lead_id
    row.person, row.mechanism = order.person, order.mechanism
    row.written_by, row.written_at = by.person_id or 0, by.at
