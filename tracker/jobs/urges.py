"""The jobs of the ladder: proposing urges every workday, drafting a bulletin every month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tracker.clock import now
from tracker.registry.queries import offices, workdays
from tracker.registry.settings import InForce, in_force
from tracker.supervision import bulletins, proposing
from tracker.supervision.knowing import AsOf
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


def draft_bulletins(
    office_ids: Sequence[int], asked: AsOf, settings: InForce, *, at: datetime
) -> int:
    """Each office's bulletin as of a day, for it to edit; how many there are."""
    known, rungs = workdays(), rungs_of(settings)
    made = [
        bulletins.draft(office_id, asked, at=at, rungs=rungs, workdays=known)
        for office_id in office_ids
    ]
    return len(made)
