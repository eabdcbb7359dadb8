"""Rows of a division table while they are put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.notices.reading.lines import Place
from tracker.notices.reading.words import heading_pattern, squeeze


@dataclass
class Text:
    """A cell's text. A seam is where the text was cut by a page break and joined again."""

    value: str = ""
    seams: list[int] = field(default_factory=list)

    def append(self, more: str) -> None:
        if self.value:
            self.seams.append(len(self.value))
        self.value += more


@dataclass
class Section:
    """A heading with rows below it, the number of rows it announces, and units it names for all."""

    heading: str
    place: Place
    units: str = ""
    rows: int = 0

    @property
    def announced(self) -> int | None:
        found = heading_pattern("count").search(squeeze(self.heading))
        return int(found.group(1)) if found else None

    @property
    def is_upper(self) -> bool:
        return bool(heading_pattern("upper").match(self.heading))


@dataclass
class Row:
    """One measure as the table prints it."""

    no: str
    place: Place
    cells: dict[str, Text] = field(default_factory=dict)
    section: Section | None = None
    above: Section | None = None
    inherited: tuple[str, ...] = ()

    def text(self, role: str) -> str:
        return self.cells[role].value if role in self.cells else ""

    def seamed(self) -> Iterable[tuple[str, Text]]:
        return ((role, cell) for role, cell in self.cells.items() if cell.seams)


def is_heading(text: str) -> bool:
    return bool(heading_pattern("pattern").match(squeeze(text)))


def split_units(text: str) -> tuple[str, str | None]:
    """A heading line into the heading and the units it names for every row below."""
    found = heading_pattern("units").search(squeeze(text))
    if not found:
        return text, None
    squeezed = squeeze(text)
    return squeezed[: found.start()], squeezed[found.end() :]


def is_number(text: str) -> bool:
    return bool(text) and text.strip("（()）.．、 ").isdecimal() and len(text) <= 8


def number(text: str) -> str:
    return text.strip("（()）.．、 ")
