"""The facts of a notice as seeds/ holds them, read into the same shape as a document."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.notices.reading.document import Reading, ReadList, ReadMeasure, ReadNotice
from tracker.notices.reading.lines import NOWHERE

SEAM = "｜"  # where a page break cut the printed text


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What notice.toml says beyond the tables, and the tables as a reading."""

    slug: str
    head: Mapping[str, Any]
    reading: Reading
    gists: Mapping[tuple[int, str], str]


def load(folder: Path) -> Facts:
    head = tomllib.loads((folder / "notice.toml").read_text("utf-8"))
    with (folder / "measures.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Facts(
        slug=folder.name,
        head=head,
        reading=Reading(notices=(_notice(head),), lists=tuple(_lists(head, rows))),
        gists={(int(row["list"]), row["no"]): row["gist"] for row in rows},
    )


def _notice(head: Mapping[str, Any]) -> ReadNotice:
    return ReadNotice(
        title=head["title"],
        doc_no=head["doc_no"],
        issuer=head["issuer"],
        issued_on=head.get("issued_on"),
        body="",
    )


def _lists(head: Mapping[str, Any], rows: list[dict[str, str]]) -> list[ReadList]:
    lists = []
    for position, listed in enumerate(head["list"], start=1):
        own = [row for row in rows if int(row["list"]) == position]
        lists.append(
            ReadList(
                notice=0,
                heading=listed["heading"],
                adoption=own[0]["adoption"],
                measures=tuple(_measure(row) for row in own),
                has_scope="scope" not in head,
            )
        )
    return lists


def _measure(row: Mapping[str, str]) -> ReadMeasure:
    units = row["units"]
    seams = (units.index(SEAM),) if SEAM in units else ()
    return ReadMeasure(
        no=row["no"],
        title=row["title"],
        content="",
        group=row["group"],
        section="",
        units_raw=units.replace(SEAM, ""),
        units_seams=seams,
        support_raw="",
        scope_raw=row["scope"],
        note=row["note"],
        deadline="",
        place=NOWHERE,
    )
