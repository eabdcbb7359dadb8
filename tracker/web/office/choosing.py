"""Cities that were ticked, and units that were written by name: from a form to their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from werkzeug.datastructures import MultiDict

from tracker.registry import queries as registry

EMPTY_ROWS = 6
SEPARATORS = re.compile("[、，,；;\n]+")

Form = MultiDict[str, str]


def cities(form: Form) -> list[int]:
    ticked = set(form.getlist("city"))
    return [city.id for city in registry.cities() if city.code in ticked]


def units(form: Form, name: str = "unit") -> tuple[list[int], str]:
    """Every named unit once, and a sentence about all names that no unit has."""
    names = list(dict.fromkeys(_names(form.getlist(name))))
    if not names:
        return [], ""
    known = registry.units_named(names)
    missing = [one for one in names if one not in known]
    if missing:
        return [], _unknown(missing)
    return list(dict.fromkeys(known[one].id for one in names)), ""


def _names(values: Sequence[str]) -> Iterator[str]:
    for value in values:
        yield from filter(None, (one.strip() for one in SEPARATORS.split(value)))


def _unknown(names: Sequence[str]) -> str:
    near = registry.roster().nearest(names[0])
    hint = f"是否指{'、'.join(near)}？" if near else ""
    listed = "、".join(f"“{one[:40]}”" for one in names[:5])
    return f"单位名录中没有{listed}，请填写单位全称或别称。{hint}"


def names_of(unit_ids: Sequence[int]) -> list[str]:
    known = dict(registry.unit_choices()) if unit_ids else {}
    return [known[one] for one in unit_ids if one in known]
