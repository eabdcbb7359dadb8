"""Where a measure stands in each city, as far as the visitor may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import Row

from tracker.notices.models import Measure
from tracker.permissions import office_seen_by
from tracker.registry import queries as registry
from tracker.supervision.stages import Stands, middle, stands
from tracker.tasks.lights import LIGHTS
from tracker.tasks.models import Task
from tracker.tasks.states import LOCAL, OPEN
from tracker.web.desk.looking import sight


def spread(measure: Measure, rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """Every city for the notice's office and its leaders; else one's own, and the median."""
    of, office = sight(), measure.notice.office_id
    told = stands(of.day, Task.measure_id == measure.id)
    is_own = office is not None and office == office_seen_by(current_user.actor)
    local = [row for row in rows if row.role == LOCAL]
    mine = frozenset(row.id for row in local if row.unit_id == current_user.unit_id)
    return {
        "sight": of,
        "stands": told,
        "seen": frozenset(row.id for row in rows if is_own or row.role != LOCAL or row.id in mine),
        "tiles": _tiles(local, told) if is_own else {},
        "middle": middle(told.of(row.id).percent for row in local if row.id not in mine),
        "is_compared": is_own or bool(mine),
    }


def _tiles(local: Sequence[Row[Any]], told: Stands) -> dict[str, dict[str, Any]]:
    of, found = sight(), {}
    names = {city.name: city.code for city in registry.cities()}
    for row in local:
        light = told.of(row.id).light(day=of.day, soon=of.soon)
        is_open = row.state == OPEN
        found[names[row.city]] = {
            "name": row.city,
            "tone": light if is_open else "grey",
            "word": LIGHTS[light] if is_open else "免报",
            "href": f"#task-{row.id}",
        }
    return found
