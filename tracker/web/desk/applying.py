"""What applies to a city: each measure with its ground, its provincial leads and both states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from tracker.supervision.sight import Sight
from tracker.supervision.stages import Stand, Stands, stands
from tracker.tasks import queries as tasks
from tracker.tasks.models import Task
from tracker.tasks.states import LEAD, LOCAL


@dataclass(frozen=True, kw_only=True)
class Leading:
    """A provincial lead, as printed, and how its task stands."""

    unit_id: int
    printed: str
    stand: Stand


@dataclass(frozen=True, kw_only=True)
class Applies:
    """One measure in a city. `stand` is the city's own; empty for who may not see it."""

    task: Row[Any]
    leads: Sequence[Leading]
    stand: Stand | None

    @property
    def short_title(self) -> str:
        return str(self.task.short_title)

    @property
    def ground(self) -> str:
        """The words by which it comes to the city."""
        if self.task.scope_raw:
            return f"“{self.task.scope_raw}”"
        if self.task.scope_words:
            return f"清单没有范围一栏，通知正文写明“{self.task.scope_words}”"
        return f"“{self.task.list_scope}”" if self.task.list_scope else "由统筹单位指定"


def applying(
    city_id: int, sight: Sight, notice_id: int | None = None, *, own: bool
) -> list[Applies]:
    """For one notice, or for all."""
    rows = tasks.of_city(city_id, notice_id)
    leads = _leads([row.measure_id for row in rows], sight)
    mine = _mine(city_id, notice_id, sight) if own else None
    return [
        Applies(
            task=row,
            leads=leads.get(row.measure_id, ()),
            stand=mine.of(row.id) if mine else None,
        )
        for row in rows
    ]


def _mine(city_id: int, notice_id: int | None, sight: Sight) -> Stands:
    where = [Task.city_id == city_id, Task.role == LOCAL]
    if notice_id:
        where.append(Task.notice_id == notice_id)
    return stands(sight.day, *where)


def _leads(measure_ids: Sequence[int], sight: Sight) -> Mapping[int, Sequence[Leading]]:
    told = stands(sight.day, Task.measure_id.in_(measure_ids), Task.role == LEAD)
    by_task = tasks.leads_of(measure_ids)
    return {
        measure_id: [
            Leading(unit_id=task.unit_id, printed=task.printed, stand=told.of(task.id))
            for task in own
        ]
        for measure_id, own in by_task.items()
    }
