"""What tests of reading stand on: the registry and the facts of seeds/, without a database."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from tracker.config import SEEDS
from tracker.notices.drafting import Draft, draft
from tracker.notices.facts import Facts, load
from tracker.notices.reading.document import Reading, ReadMeasure, read
from tracker.notices.reviewing import reviewed
from tracker.notices.tracked import Tracked, TrackedMeasure, TrackedNotice
from tracker.registry.roster import Roster, RosterUnit
from tracker.registry.scopes import Place

FACTS = (
    "gh-2020-96",
    "yfh-2020-146",
    "yfh-2023-59",
    "ftz-10",
    "qianhai-6",
    "ybh-2019-376",
)
SOURCES = ("000", "001", "002", "003", "004")


def rows(file: str) -> list[dict[str, str]]:
    with (SEEDS / "registry" / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def roster() -> Roster:
    units = {
        row["name"]: RosterUnit(id=at, name=row["name"], kind=row["kind"])
        for at, row in enumerate(rows("units.tsv"), start=1)
    }
    aliases = {row["alias"]: units[row["unit"]] for row in rows("aliases.tsv")}
    places = [
        Place(name=row["name"], in_bay_area=row["gba"] == "是", has_ftz_area=bool(row["ftz_area"]))
        for row in rows("cities.tsv")
    ]
    return Roster(
        names={**units, **aliases},
        places=places,
        city_names=tuple(place.name for place in places),
    )


def is_known(name: str) -> bool:
    return roster().find(name) is not None


@cache
def facts(slug: str) -> Facts:
    return load(SEEDS / "notices" / slug)


@cache
def tracked() -> Tracked:
    """All six notices, as they are tracked after `tracker init`."""
    return Tracked(notices=[_tracked(slug) for slug in FACTS])


def _tracked(slug: str) -> TrackedNotice:
    head = facts(slug).head
    forwards = head.get("forwards")
    return TrackedNotice(
        id=FACTS.index(slug) + 1,
        title=head["title"],
        short_title=head["short_title"],
        doc_no=head["doc_no"],
        level=head["level"],
        city=head.get("city"),
        is_reference=head.get("reference", False),
        forwards=FACTS.index(forwards) + 1 if forwards else None,
        scope_raw=head.get("scope", {}).get("printed", ""),
        scope_words=head.get("scope", {}).get("words", ""),
        measures=[
            _tracked_measure(position, measure)
            for position, listed in enumerate(facts(slug).reading.lists, start=1)
            for measure in listed.measures
        ],
    )


def _tracked_measure(position: int, measure: ReadMeasure) -> TrackedMeasure:
    return TrackedMeasure(
        list=position,
        no=measure.no,
        title=measure.title,
        units_raw=measure.units_raw,
        scope_raw=measure.scope_raw,
        note=measure.note,
    )


def drafted(reading: Reading, known: Tracked | None = None) -> Draft:
    """The draft of a reading with all its findings; nothing is tracked unless it is given."""
    given = known or Tracked()
    made = draft(reading, roster=roster(), tracked=given)
    return reviewed(made, reading, roster=roster(), tracked=given)


def reading_of(text: str) -> Reading:
    return read(text.encode())


def codes(found: Reading | Draft) -> list[str]:
    return [finding.code for finding in found.findings]


def source(shared: Path, number: str) -> Path:
    return next((shared / "seeds").glob(f"{number}_*.txt"))


def bare(text: str) -> str:
    """Without white space and paragraph marks: all that may differ from the print."""
    return "".join(text.replace("<p>", "").replace("</p>", "").split())
