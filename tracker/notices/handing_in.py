"""A document is handed in, read, and looked up: the way to a draft that everyone takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker import storage
from tracker.db import db
from tracker.notices import queries
from tracker.notices.drafting import Decisions, Draft, draft, key_of
from tracker.notices.models import Source
from tracker.notices.reading.document import Reading, read
from tracker.notices.reading.words import squeeze
from tracker.notices.reviewing import reviewed
from tracker.registry.queries import roster
from tracker.registry.roster import Roster, RosterUnit

DRAFT, CONFIRMED, DROPPED = "draft", "confirmed", "dropped"
NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A person's answers, as they are kept with the file.

    names: full name → {"take": unit name} | {"alias": unit name} | {"new": {level, kind, city}}
    scopes: what `scope_key` gives, or list/no → city names
    notices: index → {"short_title", "office", "forwards"}
    """

    names: Mapping[str, Mapping[str, Any]]
    scopes: Mapping[str, list[str]]
    notices: Mapping[str, Mapping[str, str]]

    @staticmethod
    def of(source: Source) -> Settled:
        kept = json.loads(source.decisions)
        return Settled(
            names=kept.get("names", {}),
            scopes=kept.get("scopes", {}),
            notices=kept.get("notices", {}),
        )

    def as_text(self) -> str:
        kept = {"names": self.names, "scopes": self.scopes, "notices": self.notices}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def hand_in(data: bytes, name: str, *, folder: Path, by: str, at: datetime) -> Source:
    """Keep the file once: the same file is recognised by its hash. Unreadable files are refused."""
    digest = hashlib.sha256(data).hexdigest()
    known = queries.source_by_hash(digest)
    if known is not None:
        storage.keep(folder, data)  # the folder may have been restored without this file
        if known.state == DROPPED:
            known.state = DRAFT
        return known
    read(data)
    storage.keep(folder, data)
    source = Source(
        sha256=digest,
        name=name[:200],
        size=len(data),
        received_at=at,
        received_by=by,
        state=DRAFT,
        decisions="{}",
    )
    db.session.add(source)
    db.session.flush()
    return source


def draft_of(data: bytes, settled: Settled | None = None) -> Draft:
    """Read and look up a document against what the registry and the notices hold now."""
    names, tracked = roster(), queries.tracked()
    reading = read(data)
    decisions = _decisions(settled, reading, names) if settled else None
    drafted = draft(reading, roster=names, tracked=tracked, decisions=decisions)
    return reviewed(drafted, reading, roster=names, tracked=tracked)


def scope_key(list_index: int, printed: str) -> str:
    """One question for all measures with the same printed scope, or for a list that prints none."""
    return squeeze(printed) or f"{list_index + 1}/*"


def _decisions(settled: Settled, reading: Reading, names: Roster) -> Decisions:
    units = {name: _unit(name, answer, names) for name, answer in settled.names.items()}
    return Decisions(
        names={name: unit for name, unit in units.items() if unit},
        scopes=dict(_scopes(settled.scopes, reading)),
    )


def _scopes(
    answers: Mapping[str, list[str]], reading: Reading
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for index, listed in enumerate(reading.lists):
        for read_measure in listed.measures:
            key = key_of(index, read_measure.no)
            asked = scope_key(index, read_measure.scope_raw)
            cities = answers.get(key) or answers.get(asked)
            if cities:
                yield key, tuple(cities)


def _unit(name: str, answer: Mapping[str, Any], names: Roster) -> RosterUnit | None:
    if NEW in answer:
        return names.find(name) or RosterUnit(id=0, name=name, kind=answer[NEW]["kind"])
    chosen = answer.get("take") or answer.get("alias")
    return names.find(chosen) if chosen else None
