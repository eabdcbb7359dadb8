"""The jobs of the ladder: proposing urges every workday, drafting a bulletin every month."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.clock import day_of, now
from tracker.registry.queries import offices, workdays
from tracker.registry.settings import in_force
from tracker.supervision import bulletins, proposing
from tracker.supervision.knowing import as_of
from tracker.supervision.proposing import rungs_of

Told = dict[str, Any]


def propose_urges(day: date) -> Told:
    """拟催办 for every office; what was filed since drops out, what is all filed ends."""
    at, known, rungs = now(), workdays(), rungs_of(in_force())
    outcomes = [
        proposing.propose(office.id, day, at=at, rungs=rungs, workdays=known)
        for office in offices()
    ]
    return {
        "proposed": sum(one.proposed for one in outcomes),
        "ended": sum(one.ended for one in outcomes),
    }


def draft_bulletins(day: date) -> int:
    """The bulletin of every office that has anything overdue or due; how many there are now."""
    at, known = now(), workdays()
    asked = as_of(day, today=day_of(at))
    rungs = rungs_of(in_force() if asked.is_live else in_force(day))
    made = [
        bulletins.draft(office.id, asked, at=at, rungs=rungs, workdays=known)
        for office in offices()
        if bulletins.has_matter(office.id, asked)
    ]
    return len(made)
