"""What is wrong with the numbers reaches people: the offices' chiefs, and who keeps the system."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from tracker.delivery.outbox import post
from tracker.delivery.queries import addressees
from tracker.papers.alarm_letters import tally_letter
from tracker.permissions import TABLE
from tracker.registry.queries import units_with


def tell_tally(differences: int, day: date, *, at: datetime) -> int:
    """To everyone who may look after the timetable: once for each day, however often it is checked.

    No group is told: it could do nothing about it.
    """
    keepers = TABLE["keep timetable"]
    ways = addressees(units_with(keepers), roles=keepers).by_unit.values()
    people = [way for own in ways for way in own if way.person_id is not None]
    letter = tally_letter(differences, day, site=current_app.config["TRACKER"].base_url)
    return post(letter, to=people, day=day, about=f"alarm:tally:{day.isoformat()}", at=at)
