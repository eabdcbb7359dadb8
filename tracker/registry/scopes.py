"""Reads a printed scope into cities. What no document defines is not guessed: it waits.

Pure: knows printings (scopes.toml) and the cities it is given, never the database.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_TOGETHER = re.compile("[两二三四五六七八九]市$")  # 广州、深圳、珠海三市
RESOLVED, WAITING, REFERENCE, NONE = "resolved", "waiting", "reference", "none"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A city as far as scopes care."""

    name: str
    in_bay_area: bool
    has_ftz_area: bool

    @property
    def short(self) -> str:
        return self.name.removesuffix("市")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The cities a scope comes to, and those that are printed as done already."""

    state: str
    cities: tuple[str, ...] = ()
    done: tuple[str, ...] = ()


def read_scope(raw: str, *, places: Sequence[Place], own: str | None = None) -> Scope:
    """Read a scope as printed. `own` is the city whose notice this is."""
    squeezed = "".join(raw.split())
    if not squeezed:
        return Scope(state=NONE)
    for printing in _printings():
        found = re.match(printing["pattern"], squeezed)
        if found:
            return _scope(printing["cities"], found.groupdict(), places, own)
    listed = _listed(squeezed, places) or _listed("、".join(raw.split()), places)
    return Scope(state=RESOLVED, cities=listed) if listed else Scope(state=WAITING)


@cache
def _printings() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("scopes.toml").read_text("utf-8")
    return list(tomllib.loads(text)["scope"])


def _scope(
    group: str, said: dict[str, str | None], places: Sequence[Place], own: str | None
) -> Scope:
    without, ready = said.get("without") or "", said.get("done") or ""
    left_out, done = _listed(without, places), _listed(ready, places)
    if (without and not left_out) or (ready and not done):
        return Scope(state=WAITING)
    apart = {*left_out, *done}
    cities = tuple(name for name in _group(group, places, own) if name not in apart)
    return Scope(state=RESOLVED if cities else WAITING, cities=cities, done=done)


def _group(group: str, places: Sequence[Place], own: str | None) -> tuple[str, ...]:
    chosen: Callable[[Place], bool] = {
        "all": lambda _place: True,
        "bay": lambda place: place.in_bay_area,
        "ftz": lambda place: place.has_ftz_area,
        "own": lambda place: place.name == own,
    }[group]
    return tuple(place.name for place in places if chosen(place))


def _listed(text: str, places: Sequence[Place]) -> tuple[str, ...]:
    """Cities named one by one; nothing where any word is not a city."""
    words = [word for word in re.split("[、，,和及]", _TOGETHER.sub("市", text)) if word]
    by_name = {name: place.name for place in places for name in (place.name, place.short)}
    named = [by_name.get(word) for word in words]
    return tuple(name for name in named if name) if all(named) else ()
