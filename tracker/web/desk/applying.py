"""What applies to a city: each measure with its ground, its provincial leads and both states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import Row, or_

from tracker.supervision.sight import Sight
from tracker.supervision.stages import Stand, Stands, stands
from tracker.tasks import queries as tasks
from tracker.tasks.models import Task
from tracker.tasks.states import LABELS, LEAD, OPEN


@dataclass(frozen=True, kw_only=True)
class Applies:
    """One measure in a city. `stand` is the city's own; empty for who may not see it.

    Who follows the city's task sees more of it than stage and light. `told` knows how its leads
    stand, where that is shown.
    """

    task: Row[Any]
    leads: Sequence[Row[Any]]
    stand: Stand | None
    follows: bool
    told: Stands

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
    def overdue(self) -> int | None:
        """How much is overdue; nothing is told to who does not follow the task."""
        return self.stand.overdue if self.stand and self.follows else None

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
    wanted = [
        one
        for one, is_wanted in ((leading, leads_stand), (tasks.local_in(city_id, notice_id), own))
        if is_wanted
    ]
    told = stands(sight.day, or_(*wanted)) if wanted else Stands()
    leads, followed = tasks.leads_of(measures), _followed(rows)
    return [
        Applies(
            task=row,
            leads=leads.get(row.measure_id, ()),
            stand=told.of(row.id) if own else None,
            follows=(row.unit_id, row.office_id) in followed,
            told=told,
        )
        for row in rows
    ]


def overdue_of(rows: Sequence[Applies]) -> int | None:
    """Of all that the visitor follows; nothing where that is none."""
    known = [row.overdue for row in rows if row.overdue is not None]
    return sum(known) if known else None


def _followed(rows: Sequence[Row[Any]]) -> frozenset[tuple[int, int | None]]:
    """Hundreds of rows are of one unit and a few offices: each pair is judged once."""
    pairs = {(row.unit_id, row.office_id) for row in rows}
    return frozenset(pair for pair in pairs if current_user.follows(*pair))
