"""What the five sources print, found by a parse that knows nothing but tabs and numbers."""

from __future__ import annotations

import re
from pathlib import Path

from tests.notices.ground import bare, source

Row = dict[str, str]
PLAIN = ("no", "title", "content", "units", "scope")
NOTED = ("no", "title", "content", "note")


def printed(shared: Path, number: str) -> list[list[Row]]:
    """The tables of one source: a new one begins wherever the number 1 comes again."""
    text = source(shared, number).read_text("utf-8")
    rows = _one_a_line(text) if number == "002" else _tabbed(text, number)
    tables: list[list[Row]] = []
    for row in rows:
        if row["no"] == "1":
            tables.append([])
        tables[-1].append(row)
    return tables


def _tabbed(text: str, number: str) -> list[Row]:
    columns = NOTED if number == "004" else PLAIN
    rows: list[Row] = []
    units = ""
    for line in text.split("\n"):
        cells = [bare(cell) for cell in line.split("\t")]
        named = re.search("责任单位[:：](.*)", bare(line))
        units = named.group(1) if named and number == "004" else units
        if cells[0].isdecimal() and len(cells) > 1:
            rows.append({"units": units, **dict(zip(columns, cells, strict=False))})
        elif line.startswith("\t") and len(cells) == len(columns):
            for column, cell in zip(columns, cells, strict=True):
                rows[-1][column] += cell
    return rows


def _one_a_line(text: str) -> list[Row]:
    said = [bare(line) for line in text.split("\n") if bare(line)]
    numbers = [at for at, line in enumerate(said) if line.isdecimal()]
    return [dict(zip(PLAIN, said[at : at + 5], strict=True)) for at in numbers]
