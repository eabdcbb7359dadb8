"""What applies to a city: each measure with its ground, its provincial leads and both states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import Row, Select, or_

from tracker.supervision.sight import Sight
from tracker.supervision.stages import Stand, Stands, stands
from tracker.tasks import queries as tasks
from tracker.tasks.models import Task
from tracker.tasks.states import LABELS, LEAD, OPEN


@dataclass(frozen=True, kw_only=True)
class Leading:
    """A provincial lead, as printed, and how its task stands."""

    unit_id: int
    printed: str
    stand: Stand


@dataclass(frozen=True, kw_only=True)
class Applies:
    """One measure in a city. `stand` is the city's own; empty for who may not see it.

    Who follows the city's task sees more of it than stage and light.
    """

    task: Row[Any]
    leads: Sequence[Leading]
    stand: Stand | None
    follows: bool

    @property
    def short_title(self) -> str:
        return str(self.task.short_title)

    @property
    def word(self) -> str:
        """How the city's own task stands; empty for who may not see it."""
        if self.stand is None:
            return ""
        return self.stand.word if self.task.state == OPEN else LABELS[self.task.state]

    @property
    def led_by(self) -> str:
        """The leads as they are printed."""
        return "、".join([lead.printed for lead in self.leads])

    @property
    def ground(self) -> str:
        """The words by which it comes to the city."""
        if self.task.scope_raw:
            return f"“{self.task.scope_raw}”"
        if self.task.scope_words:
            return f"清单没有范围一栏，通知正文写明“{self.task.scope_words}”"
        return f"“{self.task.list_scope}”" if self.task.list_scope else "由统筹单位指定"


def applying(
    city_id: int,
    sight: Sight,
    notice_id: int | None = None,
    *,
    own: bool,
    leads_stand: bool = True,
) -> list[Applies]:
    """For one notice, or for all; how the leads stand only where it is shown: they are many."""
    rows, measures = tasks.of_city(city_id, notice_id), tasks.measures_in(city_id, notice_id)
    leading = Task.measure_id.in_(measures) & (Task.role == LEAD)
    mine = Task.measure_id.in_(measures) & (Task.city_id == city_id)
    wanted = [one for one, is_wanted in ((leading, leads_stand), (mine, own)) if is_wanted]
    told = stands(sight.day, or_(*wanted)) if wanted else Stands()
    leads = _leads(measures, told)
    return [
        Applies(
            task=row,
            leads=leads.get(row.measure_id, ()),
            stand=told.of(row.id) if own else None,
            follows=current_user.follows(row.unit_id, row.office_id),
        )
        for row in rows
    ]


def _leads(measures: Select[*tuple[int]], told: Stands) -> Mapping[int, Sequence[Leading]]:
    return {
        measure_id: [
            Leading(unit_id=task.unit_id, printed=task.printed, stand=told.of(task.id))
            for task in own
        ]
        for measure_id, own in tasks.leads_of(measures).items()
    }
