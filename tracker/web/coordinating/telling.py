"""Whom a step concerns is told through the outbox, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Collection

from tracker.delivery.outbox import post
from tracker.delivery.queries import addressees
from tracker.papers.matter_letters import Told, letter
from tracker.permissions import OFFICE_SIDE, UNIT_SIDE
from tracker.tasks.moving import By
from tracker.web import site


def tell_unit(unit_id: int | None, told: Told, by: By) -> None:
    if unit_id is not None:
        _tell(unit_id, told, by, UNIT_SIDE)


def tell_units(unit_ids: Collection[int], told: Told, by: By) -> None:
    """One letter for many units at once."""
    ways = addressees(sorted(unit_ids), roles=UNIT_SIDE).by_unit
    everyone = [way for unit_id in sorted(unit_ids) for way in ways.get(unit_id, ())]
    about = f"{told.about}:{int(by.at.timestamp() * 1000)}"
    post(letter(told, site=site.in_letters()), to=everyone, day=by.day, about=about, at=by.at)


def tell_office(office_id: int | None, told: Told, by: By) -> None:
    if office_id is not None:
        _tell(office_id, told, by, OFFICE_SIDE)


def _tell(unit_id: int, told: Told, by: By, roles: Collection[str]) -> None:
    """Once for each step; who took it knows already."""
    ways = addressees([unit_id], roles=roles).by_unit[unit_id]
    others = [way for way in ways if way.person_id != by.person_id]
    about = f"{told.about}:{unit_id}:{int(by.at.timestamp() * 1000)}"
    post(letter(told, site=site.in_letters()), to=others, day=by.day, about=about, at=by.at)
