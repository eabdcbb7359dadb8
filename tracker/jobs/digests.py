"""The jobs that tell: a digest and its messages are stored in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app

from tracker.clock import day_of, now
from tracker.delivery.letters import Addressee
from tracker.delivery.outbox import post
from tracker.delivery.queries import addressees
from tracker.jobs.urges import draft_bulletins
from tracker.papers.digest_letters import letter
from tracker.papers.digest_words import subject
from tracker.permissions import OFFICE_SIDE, UNIT_SIDE
from tracker.registry.models import Unit
from tracker.registry.queries import names_of_units, offices, workdays
from tracker.registry.settings import InForce, in_force
from tracker.supervision import digesting, drafting, mornings, reminding, since, summarising
from tracker.supervision.knowing import AsOf, as_of
from tracker.supervision.lateness import Lateness
from tracker.supervision.snapshots import BULLETIN, OFFICE, SITUATION, UNIT, Page
from tracker.supervision.timetable import first_workday_of_week

Told = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Keeps the digests of one kind and day, and posts each to its people."""

    kind: str
    day: date
    at: datetime
    ways: dict[int, tuple[Addressee, ...]]

    def tell(self, recipient_id: int, name: str, page: Page) -> tuple[int, int]:
        """How many digests and messages are new: none of them where the day's was told."""
        line = subject(self.kind, name, self.day, page)
        digest_id = digesting.keep(
            self.kind, recipient_id, self.day, subject=line, page=page, at=self.at
        )
        if digest_id is None:
            return 0, 0
        site = current_app.config["TRACKER"].base_url
        told = letter(self.kind, name, self.day, page, digest_id=digest_id, site=site)
        about = f"{self.kind}:{recipient_id}:{self.day.isoformat()}"
        sent = post(told, to=self.ways[recipient_id], day=self.day, about=about, at=self.at)
        return 1, sent


def remind_units(day: date) -> Told:
    """单位提醒 for a day, to every unit with something to be told."""
    at = now()
    asked = _asked(day, at)
    unit_ids, pages = unit_pages(asked, until=asked.known or at)
    names, teller = names_of_units(unit_ids), _teller(UNIT, day, at, unit_ids, UNIT_SIDE)
    return _total(_remind(teller, unit_id, names[unit_id], page) for unit_id, page in pages)


def unit_pages(asked: AsOf, *, until: datetime) -> tuple[Sequence[int], Iterator[tuple[int, Page]]]:
    """The units to be told on a morning, and the page of each."""
    day, known = asked.day, workdays()
    this = mornings.morning(
        asked,
        since=since.last_told("remind-units", day) or since.workday_before(day, known),
        near=_settings(asked).reminder_workdays,
        is_full=day == first_workday_of_week(day, known),
        until=until,
        workdays=known,
    )
    unit_ids = mornings.units_to_tell(this)
    return unit_ids, mornings.pages(this, unit_ids, Lateness(day, known))


def _remind(teller: Teller, unit_id: int, name: str, page: Page) -> tuple[int, int]:
    """What a new digest names counts as reminded."""
    told = teller.tell(unit_id, name, page)
    if told[0]:
        reminding.remember(mornings.named(page), day=teller.day)
    return told


def summarise_offices(day: date) -> Told:
    """逾期汇总 for every office, also where nothing is late."""
    return _to_offices(OFFICE, day)


def draft_bulletin(day: date) -> Told:
    """通报稿 of the month before, and the bulletin itself for the office to edit."""
    at = now()
    asked = _asked(day, at)
    office_ids = [office.id for office, _ in office_pages(BULLETIN, asked)]
    drafted = draft_bulletins(office_ids, asked, _settings(asked), at=at)
    return {**_to_offices(BULLETIN, day), "bulletins": drafted}


def draft_situation(day: date) -> Told:
    """情况报告稿 of the quarter before."""
    return _to_offices(SITUATION, day)


def office_pages(kind: str, asked: AsOf) -> Iterator[tuple[Unit, Page]]:
    """What each office is told, by the kind of digest."""
    day, known = asked.day, workdays()
    late = Lateness(day, known)
    if kind == BULLETIN:
        return drafting.bulletins(asked, _settings(asked), late)
    if kind == SITUATION:
        return drafting.situations(asked)
    last = since.last_told("summarise-offices", day) or since.week_before(day, known)
    return summarising.pages(asked, last, late)


def _asked(day: date, at: datetime) -> AsOf:
    return as_of(day, today=day_of(at))


def _settings(asked: AsOf) -> InForce:
    """As they were in force then: a replayed day tells by its own threshold."""
    return in_force() if asked.is_live else in_force(asked.day)


def _to_offices(kind: str, day: date) -> Told:
    at = now()
    teller = _teller(kind, day, at, [office.id for office in offices()], OFFICE_SIDE)
    pages = office_pages(kind, _asked(day, at))
    return _total(teller.tell(office.id, office.name, page) for office, page in pages)


def _teller(
    kind: str, day: date, at: datetime, unit_ids: Collection[int], roles: Collection[str]
) -> Teller:
    ways = addressees(unit_ids, roles=roles).by_unit
    return Teller(kind=kind, day=day, at=at, ways=ways)


def _total(told: Iterable[tuple[int, int]]) -> Told:
    digests = messages = 0
    for digest, sent in told:
        digests, messages = digests + digest, messages + sent
    return {"digests": digests, "messages": messages}
