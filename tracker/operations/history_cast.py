"""Who acts in a made-up history: a unit's own people where it has any, else those passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from tracker.db import db
from tracker.permissions import FILER, REVIEWER, SIGNER
from tracker.registry.models import Person, PersonRole, Unit


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Three people: nobody signs what they filed, nobody reviews what they had in hand."""

    filer: int
    signer: int
    reviewer: int


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The people of each unit by role, and to which units each person belongs."""

    people: Mapping[tuple[int, str], Sequence[int]]
    homes: Mapping[int, frozenset[int]]
    fallback: Hands
    known: dict[tuple[int, int], Hands] = field(default_factory=dict)

    def of(self, unit_id: int, office_id: int) -> Hands:
        key = unit_id, office_id
        if key not in self.known:
            self.known[key] = self._chosen(unit_id, office_id)
        return self.known[key]

    def is_own_unit(self, reviewer_id: int, unit_id: int) -> bool:
        return unit_id in self.homes[reviewer_id]

    def _chosen(self, unit_id: int, office_id: int) -> Hands:
        filer = next(self._may(unit_id, FILER, self.fallback.filer))
        signers = self._may(unit_id, SIGNER, self.fallback.signer)
        signer = next(one for one in signers if one != filer)
        reviewers = self._may(office_id, REVIEWER, self.fallback.reviewer)
        reviewer = next(one for one in reviewers if one not in (filer, signer))
        return Hands(filer=filer, signer=signer, reviewer=reviewer)

    def _may(self, unit_id: int, role: str, fallback: int) -> Iterator[int]:
        yield from self.people.get((unit_id, role), ())
        yield fallback


def cast(fallback: Hands) -> Cast:
    """Everyone who may sign in today, read at once."""
    people: dict[tuple[int, str], list[int]] = {}
    homes: dict[int, frozenset[int]] = {}
    found = db.session.execute(
        select(Person.id, Person.unit_id, Person.is_locked, Unit.parent_id, PersonRole.role)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .order_by(Person.id, PersonRole.role)
    )
    for row in found:
        homes[row.id] = frozenset({row.unit_id, row.parent_id} - {None})
        if row.role and not row.is_locked:
            people.setdefault((row.unit_id, row.role), []).append(row.id)
    return Cast(people=people, homes=homes, fallback=fallback)
