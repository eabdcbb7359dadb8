"""A snapshot of units, their names and the cities, for looking names up without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from tracker.registry.scopes import Place

NEAREST = 3
NEAR_ENOUGH = 40


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
        """The unit of this name. In a city's own document 市司法局 is that city's."""
        if city and name.startswith("市"):
            return self.names.get(city + name.removeprefix("市"))
        return self.names.get(name)

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
