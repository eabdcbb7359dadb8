"""Each job a function of a day, replayable; whoever calls one gets told what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask import current_app

from tracker.audit import chain
from tracker.clock import now
from tracker.db import db, writing
from tracker.delivery import sending
from tracker.jobs import alarms, digests, urges
from tracker.registry.queries import workdays
from tracker.reports import evidence
from tracker.tasks import reorganising, tallying
from tracker.tasks.moving import By
from tracker.tasks.opening import open_all

Told = dict[str, Any]
# An upload younger than this may belong to a form that is still being filled in.
YOUNG = timedelta(days=1)


def open_periods(day: date) -> Told:
    """Open what tasks owe for every period that has begun by the day.

    What is open already goes to who has taken over from its unit by then.
    """
    at, days = now(), workdays()
    opened = open_all(day, at=at, workdays=days)
    handed = reorganising.settle(day, By(person_id=None, at=at), days)
    return {"opened": opened, "handed": len(handed)}


def seal_audit(_day: date) -> Told:
    """Link the log's new entries into its chain."""
    sealed = 0
    while count := chain.seal():
        sealed += count
    return {"sealed": sealed}


def check_tally(day: date) -> Told:
    """Compare the tally with a count of the obligations; a difference is told to people."""
    if not (differences := tallying.differences()):
        return {"differences": 0}
    return {"differences": differences, "messages": alarms.tell_tally(differences, day, at=now())}


def sweep_evidence(_day: date) -> Told:
    """Settle uploads that a crash left waiting, and remove what nothing refers to."""
    swept = evidence.sweep(current_app.config["TRACKER"].evidence, now() - YOUNG)
    return {"settled": swept.settled, "removed": swept.removed}


def deliver(_day: date) -> Told:
    """Send what waits in the outbox, of whatever day."""
    settings = current_app.config["TRACKER"]
    return dict(sending.deliver(now(), mail=settings.mail, base_url=settings.base_url))


JOBS: Mapping[str, Callable[[date], Told]] = {
    "open-periods": open_periods,
    "remind-units": digests.remind_units,
    "propose-urges": urges.propose_urges,
    "summarise-offices": digests.summarise_offices,
    "draft-bulletin": digests.draft_bulletin,
    "draft-situation": digests.draft_situation,
    "seal-audit": seal_audit,
    "check-tally": check_tally,
    "sweep-evidence": sweep_evidence,
    "deliver": deliver,
}
# Jobs that commit by themselves: what left the house cannot be rolled back with the rest.
IN_TURNS = frozenset({"deliver"})
# Jobs that write where the tracker is opened into what they tell or send.
WITH_LINKS = frozenset(
    {
        "remind-units",
        "summarise-offices",
        "draft-bulletin",
        "draft-situation",
        "check-tally",
        "deliver",
    }
)


def run(name: str, day: date) -> Told:
    """Run one job for one day: in one transaction, or in turns of its own."""
    if name in IN_TURNS:
        told = JOBS[name](day)
    else:
        with writing():
            told = JOBS[name](day)
            db.session.commit()
    return {"job": name, "day": day.isoformat(), **told}
