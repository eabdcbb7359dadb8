"""A snapshot of units, their names and the cities, for looking names up without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from tracker.registry.scopes import Place

_OTHER_BRACKETS = str.maketrans("()（）", "（）()")
NEAREST = 3
NEAR_ENOUGH = 40


def full_name(name: str, city: str | None) -> str:
    """In a city's own document 市司法局 is that city's: 深圳市司法局."""
    return city + name.removeprefix("市") if city and name.startswith("市") else name


@dataclass(frozen=True, kw_only=True)
class RosterUnit:
    id: int
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Every name a unit goes by, and every city in its customary order."""

    names: Mapping[str, RosterUnit]
    places: Sequence[Place]
    city_names: tuple[str, ...] = field(default=())

    def find(self, name: str, city: str | None = None) -> RosterUnit | None:
        """The unit of this name, as a document of this city (if of any) prints it."""
        whole = full_name(name, city)
        return self.names.get(whole) or self.names.get(whole.translate(_OTHER_BRACKETS))

    def nearest(self, name: str) -> list[str]:
        """Known names like this one: proposals for a person, never an answer."""
        found = process.extract(
            name,
            self.names.keys(),
            scorer=fuzz.WRatio,
            limit=NEAREST,
            score_cutoff=NEAR_ENOUGH,
        )
        return [known for known, _score, _key in found]

    def with_names(self, more: Mapping[str, RosterUnit]) -> Roster:
        """The same roster, with names that a person has settled for one document."""
        return replace(self, names={**self.names, **more})
