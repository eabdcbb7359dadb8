"""From a reading to a draft: units and scopes looked up, and what would follow, counted. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from tracker.notices.findings import Finding
from tracker.notices.reading.document import Reading, ReadList, ReadMeasure, ReadNotice
from tracker.notices.reading.lines import Place
from tracker.notices.reading.words import squeeze
from tracker.notices.tracked import Tracked, TrackedNotice
from tracker.registry.names import CLASS, SUPPORT, Named, UnitList, read_units
from tracker.registry.roster import Roster, RosterUnit, full_name
from tracker.registry.scopes import NONE, REFERENCE, RESOLVED, Scope, read_scope

STATE, PROVINCE, CITY = "state", "province", "city"


@dataclass(frozen=True, kw_only=True)
class DraftMention:
    """A unit as printed, and the unit it is taken for (None: nobody knows the name)."""

    printed: str
    name: str
    role: str
    kind: str
    unit: RosterUnit | None

    @property
    def whose(self) -> str:
        """What two mentions of one unit have in common, whatever names they are printed under."""
        return self.unit.name if self.unit else self.name


@dataclass(frozen=True, kw_only=True)
class DraftMeasure:
    no: str
    title: str
    content: str
    group: str
    section: str
    units_raw: str
    units: UnitList
    mentions: tuple[DraftMention, ...]
    scope_raw: str
    scope: Scope
    note: str
    is_deployed: bool
    deadline: str
    place: Place

    @property
    def is_open_ended(self) -> bool:
        return self.units.is_open_ended or any(m.kind == CLASS for m in self.mentions)


@dataclass(frozen=True, kw_only=True)
class DraftList:
    notice: int
    heading: str
    adoption: str
    scope_raw: str
    scope_words: str
    measures: tuple[DraftMeasure, ...]


@dataclass(frozen=True, kw_only=True)
class DraftNotice:
    title: str
    doc_no: str
    issuer: str
    issued_on: date | None
    level: str
    city: str | None
    is_reference: bool
    body: str
    tracked: TrackedNotice | None


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """What a person settled for one document: names, and the cities of open scopes."""

    names: Mapping[str, RosterUnit] = field(default_factory=dict)
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Draft:
    notices: tuple[DraftNotice, ...]
    lists: tuple[DraftList, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def measures(self) -> Iterator[tuple[int, DraftMeasure]]:
        return ((i, m) for i, listed in enumerate(self.lists) for m in listed.measures)

    @property
    def unit_tasks(self) -> int:
        return sum(len({mention.whose for mention in m.mentions}) for _, m in self.measures)

    @property
    def local_tasks(self) -> int:
        return sum(len(m.scope.cities) for _, m in self.measures)

    @property
    def unknown(self) -> dict[str, list[str]]:
        """Names nobody knows, each with the places (list/no) that print it."""
        places: dict[str, list[str]] = {}
        for index, measure in self.measures:
            for mention in measure.mentions:
                if mention.unit is None:
                    places.setdefault(mention.name, []).append(key_of(index, measure.no))
        return places


def key_of(list_index: int, no: str) -> str:
    """A measure's key inside one document."""
    return f"{list_index + 1}/{no}"


def draft(
    reading: Reading,
    *,
    roster: Roster,
    tracked: Tracked,
    decisions: Decisions | None = None,
) -> Draft:
    """Look everything up; findings are added by `reviewing`."""
    settled = decisions or Decisions()
    known = roster.with_names(settled.names)
    notices = tuple(
        _notice(reading, index, known, tracked) for index in range(len(reading.notices))
    )
    lists = tuple(
        _list(listed, index, notices[listed.notice], known, settled)
        for index, listed in enumerate(reading.lists)
    )
    return Draft(notices=notices, lists=lists)


def _notice(reading: Reading, index: int, roster: Roster, tracked: Tracked) -> DraftNotice:
    read = reading.notices[index]
    known = tracked.find(read.doc_no, read.title)
    level, city = (known.level, known.city) if known else _whose(read, roster)
    return DraftNotice(
        title=read.title,
        doc_no=read.doc_no,
        issuer=read.issuer,
        issued_on=read.issued_on,
        level=level,
        city=city,
        is_reference=known.is_reference if known else level == STATE,
        body=read.body,
        tracked=known,
    )


def _whose(read: ReadNotice, roster: Roster) -> tuple[str, str | None]:
    """The State's, a city's, or the province's: 市… in a city's document is that city's."""
    if read.is_state:
        return STATE, None
    if "省" not in read.issuer and "广东省" not in read.title:
        for place in roster.places:
            if place.short in read.title:
                return CITY, place.name
    return PROVINCE, None


def _list(
    listed: ReadList,
    index: int,
    notice: DraftNotice,
    roster: Roster,
    settled: Decisions,
) -> DraftList:
    printed, words = ("", "") if listed.has_scope else _notice_scope(notice)
    return DraftList(
        notice=listed.notice,
        heading=listed.heading,
        adoption=listed.adoption,
        scope_raw=printed,
        scope_words=words,
        measures=tuple(
            _measure(
                read,
                printed,
                notice,
                roster,
                settled.scopes.get(key_of(index, read.no)),
                first_leads=listed.first_leads,
            )
            for read in listed.measures
        ),
    )


def _notice_scope(notice: DraftNotice) -> tuple[str, str]:
    """Lists without a scope column take what the notice says, with the words it rests on."""
    if notice.is_reference:
        return "", ""
    if notice.tracked and notice.tracked.scope_raw:
        return notice.tracked.scope_raw, notice.tracked.scope_words
    for printing in _scope_words():
        found = re.search(printing["pattern"], notice.body)
        if found:
            return printing["scope"], found.group(0)
    return "", ""


@cache
def _scope_words() -> list[dict[str, str]]:
    text = Path(__file__).with_name("scope_words.toml").read_text("utf-8")
    return list(tomllib.loads(text)["words"])


def _measure(
    read: ReadMeasure,
    list_scope: str,
    notice: DraftNotice,
    roster: Roster,
    chosen: tuple[str, ...] | None,
    *,
    first_leads: bool,
) -> DraftMeasure:
    units = _units(read, notice, roster, first_leads=first_leads)
    return DraftMeasure(
        no=read.no,
        title=read.title,
        content=read.content,
        group=read.group,
        section=read.section,
        units_raw=read.units_raw,
        units=units,
        mentions=tuple(_mention(named, notice, roster) for named in units.names),
        scope_raw=read.scope_raw,
        scope=_scope(read.scope_raw or list_scope, notice, roster, chosen),
        note=read.note,
        is_deployed=_is_deployed(read.note),
        deadline=read.deadline,
        place=read.place,
    )


def _units(
    read: ReadMeasure, notice: DraftNotice, roster: Roster, *, first_leads: bool
) -> UnitList:
    def is_known(name: str) -> bool:
        return roster.find(name, notice.city) is not None

    cities = roster.city_names
    led = read_units(
        read.units_raw,
        seams=read.units_seams,
        cities=cities,
        is_known=is_known,
        first_leads=first_leads,
    )
    if not read.support_raw:
        return led
    helping = read_units(read.support_raw, cities=cities, is_known=is_known)
    return UnitList(
        names=(*led.names, *(_supporting(named) for named in helping.names)),
        is_open_ended=led.is_open_ended or helping.is_open_ended,
        mended_from=led.mended_from,
        mended_to=led.mended_to,
        doubtful=(*led.doubtful, *helping.doubtful),
    )


def _supporting(named: Named) -> Named:
    return Named(printed=named.printed, name=named.name, role=SUPPORT, kind=named.kind)


def _mention(named: Named, notice: DraftNotice, roster: Roster) -> DraftMention:
    unit = roster.find(named.name, notice.city)
    kind = CLASS if unit and unit.kind == CLASS else named.kind
    # A name that nobody knows is settled whole, for it will stand in the registry by itself.
    name = named.name if unit else full_name(named.name, notice.city)
    return DraftMention(printed=named.printed, name=name, role=named.role, kind=kind, unit=unit)


def _scope(raw: str, notice: DraftNotice, roster: Roster, chosen: tuple[str, ...] | None) -> Scope:
    if notice.is_reference:
        return Scope(state=REFERENCE)
    if chosen:
        return Scope(state=RESOLVED, cities=chosen)
    return read_scope(raw, places=roster.places, own=notice.city) if raw else Scope(state=NONE)


def _is_deployed(note: str) -> bool:
    return "已部署" in squeeze(note)
