"""Loads seeds/ into an installation. Running it again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from tracker.config import SEEDS
from tracker.db import db
from tracker.notices import facts, queries
from tracker.notices.drafting import draft
from tracker.notices.facts import Facts
from tracker.notices.importing import Particulars
from tracker.notices.models import Notice
from tracker.notices.reviewing import reviewed
from tracker.notices.tracked import Tracked, TrackedNotice
from tracker.registry.models import Alias, City, Succession, Unit
from tracker.registry.queries import roster
from tracker.tasks.adopting import adopt

YES = "是"
SURE = "已核实"
# Forwarded notices come before those that forward them.
NOTICES = (
    "gh-2020-96",
    "yfh-2020-146",
    "yfh-2023-59",
    "ftz-10",
    "qianhai-6",
    "ybh-2019-376",
)


def seed_registry(folder: Path = SEEDS / "registry") -> None:
    """Add the cities, units, aliases and successions that are not there yet."""
    cities = _cities(folder)
    units = _units(folder, cities)
    _aliases(folder, units)
    _successions(folder, units)


def seed_notices(on: date, folder: Path = SEEDS / "notices") -> int:
    """Add the notices that are not there yet, and say how many these were."""
    known = set(db.session.scalars(select(Notice.slug)))
    missing = [slug for slug in NOTICES if slug not in known]
    for slug in missing:
        _adopt(facts.load(folder / slug), on)
    return len(missing)


def _adopt(found: Facts, on: date) -> None:
    names, tracked = roster(), queries.tracked()
    drafted = draft(found.reading, roster=names, tracked=Tracked(notices=[_promised(found)]))
    drafted = reviewed(drafted, found.reading, roster=names, tracked=tracked)
    # The notice is not tracked yet, it was only promised so that its particulars were known:
    # nothing has come in before from which it could differ.
    drafted = replace(
        drafted,
        notices=tuple(replace(notice, tracked=None) for notice in drafted.notices),
        findings=tuple(one for one in drafted.findings if one.code != "difference"),
    )
    adopt(drafted, {0: _particulars(found)}, source_id=None, on=on)


def _promised(found: Facts) -> TrackedNotice:
    head = found.head
    scope = head.get("scope", {})
    return TrackedNotice(
        id=0,
        title=head["title"],
        short_title=head["short_title"],
        doc_no=head["doc_no"],
        level=head["level"],
        city=head.get("city"),
        is_reference=head.get("reference", False),
        forwards=_id_of_notice(head.get("forwards", "")),
        scope_raw=scope.get("printed", ""),
        scope_words=scope.get("words", ""),
    )


def _id_of_notice(slug: str) -> int | None:
    return db.session.scalar(select(Notice.id).where(Notice.slug == slug)) if slug else None


def _particulars(found: Facts) -> Particulars:
    return Particulars(
        slug=found.slug,
        short_title=found.head["short_title"],
        office=found.head["office"],
        forwards=found.head.get("forwards", ""),
        duties=found.head.get("duty", ()),
        gists=found.gists,
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)


def _cities(folder: Path) -> dict[str, int]:
    known = {city.name: city for city in db.session.scalars(select(City))}
    for position, row in enumerate(_rows(folder / "cities.tsv"), start=1):
        if row["name"] not in known:
            known[row["name"]] = City(
                code=row["code"],
                name=row["name"],
                position=position,
                in_bay_area=row["gba"] == YES,
                ftz_area=row["ftz_area"],
                sure=row["sure"] == SURE,
                source=row["source"],
            )
            db.session.add(known[row["name"]])
    db.session.flush()
    return {name: city.id for name, city in known.items()}


def _units(folder: Path, cities: dict[str, int]) -> dict[str, int]:
    known = {unit.name: unit for unit in db.session.scalars(select(Unit))}
    new = [row for row in _rows(folder / "units.tsv") if row["name"] not in known]
    for row in new:
        known[row["name"]] = Unit(
            name=row["name"],
            level=row["level"],
            kind=row["kind"],
            city_id=cities.get(row["city"]),
            is_office=row["office"] == YES,
            sure=row["sure"] == SURE,
            source=row["source"],
        )
        db.session.add(known[row["name"]])
    db.session.flush()
    for row in new:
        if row["parent"]:
            known[row["name"]].parent_id = known[row["parent"]].id
    db.session.flush()
    return {name: unit.id for name, unit in known.items()}


def _aliases(folder: Path, units: dict[str, int]) -> None:
    known = set(db.session.scalars(select(Alias.name)))
    db.session.add_all(
        Alias(name=row["alias"], unit_id=units[row["unit"]], source=row["source"])
        for row in _rows(folder / "aliases.tsv")
        if row["alias"] not in known
    )


def _successions(folder: Path, units: dict[str, int]) -> None:
    pairs = db.session.execute(select(Succession.old_id, Succession.new_id))
    known = {(row.old_id, row.new_id) for row in pairs}
    db.session.add_all(
        Succession(
            old_id=units[row["old"]],
            new_id=units[row["new"]],
            day=date.fromisoformat(row["day"]) if row["day"] else None,
            kind=row["kind"],
            sure=row["sure"] == SURE,
            source=row["source"],
            note=row["note"],
        )
        for row in _rows(folder / "successions.tsv")
        if (units[row["old"]], units[row["new"]]) not in known
    )
