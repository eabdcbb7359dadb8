"""The demonstration's digests: what was told in the last weeks, and the runs that told it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tracker.clock import SHANGHAI
from tracker.jobs.digests import office_pages, unit_pages
from tracker.papers.digest_words import subject
from tracker.registry.queries import names_of_units, workdays
from tracker.registry.settings import TIMES
from tracker.supervision import digesting, running
from tracker.supervision.knowing import AsOf
from tracker.supervision.running import Slot
from tracker.supervision.snapshots import BULLETIN, OFFICE, SITUATION, UNIT, Page
from tracker.supervision.timetable import TIMETABLE, slots

HOLDER = "demonstration"
KINDS = {
    "remind-units": UNIT,
    "summarise-offices": OFFICE,
    "draft-bulletin": BULLETIN,
    "draft-situation": SITUATION,
}
# How far back each is told: a page of each kind, and two weeks to compare.
BACK = {
    "remind-units": timedelta(days=7),
    "summarise-offices": timedelta(days=21),
    "draft-bulletin": timedelta(days=62),
    "draft-situation": timedelta(days=120),
}


def tell(today: date) -> None:
    """Every slot that lies before today, the oldest first, as it was known at its moment."""
    known = workdays()
    found = [
        Slot(job=job, day=day)
        for job, back in BACK.items()
        for day in slots(
            TIMETABLE[job].rhythm,
            after=today - back,
            until=today - timedelta(days=1),
            workdays=known,
        )
    ]
    for slot in sorted(found, key=lambda one: one.day):
        _run(slot)


def _run(slot: Slot) -> None:
    at = datetime.combine(slot.day, TIMES[slot.job], SHANGHAI).astimezone(UTC)
    running.claim(slot, HOLDER, at)
    asked, kind, kept = AsOf(day=slot.day, known=at), KINDS[slot.job], 0
    for recipient_id, name, page in _pages(kind, asked, at):
        line = subject(kind, name, slot.day, page)
        digesting.keep(kind, recipient_id, slot.day, subject=line, page=page, at=at)
        kept += 1
    running.stamp(slot, HOLDER, begun=at, now=at, told={"digests": kept})


def _pages(kind: str, asked: AsOf, at: datetime) -> Iterator[tuple[int, str, Page]]:
    if kind == UNIT:
        unit_ids, pages = unit_pages(asked, until=at)
        names = names_of_units(unit_ids)
        yield from ((unit_id, names[unit_id], page) for unit_id, page in pages)
        return
    yield from ((office.id, office.name, page) for office, page in office_pages(kind, asked))
