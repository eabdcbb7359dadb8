"""Units that owe something and cannot be told about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.db import db
from tracker.delivery.letters import INBOX, Addressee, Reach
from tracker.delivery.queries import addressees
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.tasks.models import Obligation

# How hard a unit is to tell: nobody is there, or people who learn of it when they sign in.
NOBODY, ONLY_INBOX = "nobody", "inbox"
REACHES = {NOBODY: "没有可联系人员", ONLY_INBOX: "只能站内联系"}


@dataclass(frozen=True, kw_only=True)
class OutOfReach:
    """A unit with nobody to tell, or whose people learn of things only when they sign in."""

    unit_id: int
    name: str
    owed: int
    people: int

    @property
    def reach(self) -> str:
        return ONLY_INBOX if self.people else NOBODY


def out_of_reach(office_id: int, *, roles: Collection[str]) -> tuple[OutOfReach, ...]:
    """Of all units that owe the office something, those without a way; without people first.

    An alarm is where `people` is 0. Always three queries.
    """
    query = (
        select(Unit.id, Unit.name, func.count().label("owed"))
        .join(Obligation, Obligation.unit_id == Unit.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(Notice.office_id == office_id, Obligation.awaited_by.is_not(None))
        .group_by(Unit.id, Unit.name)
    )
    owing = db.session.execute(query).all()
    told = addressees([row.id for row in owing], roles=roles)
    hard = _hard(told)
    found = (
        OutOfReach(
            unit_id=row.id, name=row.name, owed=row.owed, people=people_in(told.by_unit[row.id])
        )
        for row in owing
        if row.id in hard
    )
    return tuple(sorted(found, key=lambda one: (one.people > 0, -one.owed, one.unit_id)))


def hard_to_reach(unit_ids: Collection[int], *, roles: Collection[str]) -> Mapping[int, str]:
    """Of these units, those that a letter does not reach by itself. Always two queries."""
    return _hard(addressees(unit_ids, roles=roles))


def _hard(told: Reach) -> Mapping[int, str]:
    quiet = {one for one, ways in told.by_unit.items() if not has_more_than_inbox(ways)}
    return dict.fromkeys(quiet, ONLY_INBOX) | dict.fromkeys(told.unreachable, NOBODY)


def people_in(ways: Collection[Addressee]) -> int:
    return len({way.person_id for way in ways} - {None})


def has_more_than_inbox(ways: Collection[Addressee]) -> bool:
    return any(way.channel != INBOX for way in ways)
