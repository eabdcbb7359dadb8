"""事项 × 地市: the light of every local task of a notice, and of each measure's leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.supervision.sight import Sight
from tracker.supervision.stages import awaited
from tracker.tasks.lights import GREEN, GREY, RED, YELLOW, light
from tracker.tasks.models import Task
from tracker.tasks.states import LEAD, LOCAL

ORDER = (RED, YELLOW, GREEN, GREY)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One local task; where there are several leads, `task_id` is the first one's."""

    task_id: int
    state: str
    is_landed: bool
    light: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Cells by measure and city; leads by measure, the worst light of them."""

    cells: Mapping[tuple[int, int], Cell]
    leads: Mapping[int, Cell]


def matrix(notice_id: int, sight: Sight) -> Matrix:
    query = select(Task.id, Task.measure_id, Task.city_id, Task.role, Task.state, Task.is_landed)
    query = query.where(Task.notice_id == notice_id, Task.role.in_((LEAD, LOCAL)))
    days = awaited(sight.day, Task.notice_id == notice_id)
    cells: dict[tuple[int, int], Cell] = {}
    leads: dict[int, Cell] = {}
    for row in db.session.execute(query.order_by(Task.measure_id, Task.position, Task.id)):
        day = days[row.id].awaited_by if row.id in days else None
        cell = Cell(
            task_id=row.id,
            state=row.state,
            is_landed=row.is_landed,
            light=light(day, day=sight.day, soon=sight.soon),
        )
        if row.city_id is not None:
            cells[row.measure_id, row.city_id] = cell
        elif row.role == LEAD:
            leads[row.measure_id] = _worse(leads.get(row.measure_id), cell)
    return Matrix(cells=cells, leads=leads)


def _worse(one: Cell | None, other: Cell) -> Cell:
    return other if one is None or _rank(other) < _rank(one) else one


def _rank(cell: Cell) -> int:
    return ORDER.index(cell.light)
