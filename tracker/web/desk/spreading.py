"""Where a measure stands in the cities: named for who follows or leads them, else in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import Row

from tracker.notices.models import Measure
from tracker.permissions import office_seen_by
from tracker.registry import queries as registry
from tracker.reports.states import ADVANCING, LANDED, NOT_STARTED, PLANNING, REJECTED, STAGES
from tracker.supervision.sight import Sight
from tracker.supervision.stages import Stands, middle, stands
from tracker.tasks.lights import GREEN, GREY, LIGHTS, RED, YELLOW
from tracker.tasks.models import Task
from tracker.tasks.states import LABELS, LEAD, LOCAL, OPEN
from tracker.web.charts import Parts
from tracker.web.desk.looking import sight

NOT_REPORTED = "尚未报送"
# As a bar draws them, the farthest first.
STAGE_TONES = {
    LANDED: "green",
    ADVANCING: "teal",
    PLANNING: "blue",
    NOT_STARTED: "amber",
    REJECTED: "violet",
    "": "grey",
}


@dataclass(frozen=True, kw_only=True)
class Among:
    """Cities that are told in numbers: what is open by its stage and its light, and the median."""

    number: int
    stages: Parts
    lights: Parts
    middle: int | None


def spread(measure: Measure, rows: Sequence[Row[Any]], done: Collection[str]) -> dict[str, Any]:
    """A city is compared with the middle of the others, and put in no row beside them.

    Each by its name: for the notice's office and its leaders, who follow them, and for the
    measure's leads, who read what they had accepted. Where no office is, nothing is awaited.
    """
    of, office = sight(), measure.notice.office_id
    told = stands(of.day, Task.measure_id == measure.id)
    is_own = office is not None and office == office_seen_by(current_user.actor)
    names_all = is_own or office is None or _leads(rows)
    hidden = [] if names_all else [row for row in rows if _is_other_city(row)]
    local = [row for row in rows if row.role == LOCAL]
    tiles = _tiles(local, told, of, done) if is_own and local else {}
    return {
        "sight": of,
        "stands": told,
        "tasks": [row for row in rows if row not in hidden],
        "numbers": Counter(row.role for row in rows),
        "tiles": tiles,
        "without": Counter(tile["word"] for tile in tiles.values() if "href" not in tile),
        "middle": middle(told.of(row.id).percent for row in local) if is_own else None,
        "among": _among(hidden, told, of) if hidden else None,
    }


def _leads(rows: Sequence[Row[Any]]) -> bool:
    return any(row.role == LEAD and row.unit_id == current_user.unit_id for row in rows)


def _is_other_city(row: Row[Any]) -> bool:
    return bool(row.role == LOCAL and row.unit_id != current_user.unit_id)


def _among(rows: Sequence[Row[Any]], told: Stands, of: Sight) -> Among:
    standing = [told.of(row.id) for row in rows if row.state == OPEN]
    stages = Counter(stand.stage for stand in standing)
    lights = Counter(stand.light(day=of.day, soon=of.soon) for stand in standing)
    apart = Counter(LABELS[row.state] for row in rows if row.state != OPEN)
    return Among(
        number=len(rows),
        stages=[
            *(
                (stages[code], STAGES.get(code, NOT_REPORTED), tone)
                for code, tone in STAGE_TONES.items()
                if stages[code]
            ),
            *((number, word, "none") for word, number in apart.items()),
        ],
        lights=[(lights[code], LIGHTS[code], code) for code in (RED, YELLOW, GREEN, GREY)],
        middle=middle(told.of(row.id).percent for row in rows),
    )


def _tiles(
    local: Sequence[Row[Any]], told: Stands, of: Sight, done: Collection[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Every city, those without a task too."""
    tasks = {row.city: row for row in local}
    return {
        city.code: {"name": city.name, **_tile(city.name, tasks.get(city.name), told, of, done)}
        for city in registry.cities()
    }


def _tile(
    city: str, task: Row[Any] | None, told: Stands, of: Sight, done: Collection[str]
) -> Mapping[str, str]:
    if task is None:
        return {"tone": "none", "word": "已复制推广" if city in done else "范围外"}
    light = told.of(task.id).light(day=of.day, soon=of.soon) if task.state == OPEN else GREY
    word = LIGHTS[light] if task.state == OPEN else LABELS[task.state]
    return {"tone": light, "word": word, "href": f"#task-{task.id}"}
