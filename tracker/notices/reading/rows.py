"""Rows of a division table while they are put together."""

from __future__ import annotations

import unicodedata
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

    def append_line(self, more: str) -> None:
        """More text of a cell that spans several rows: not cut, only continued."""
        self.value = f"{self.value}\n{more}" if self.value else more


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

    @property
    def units_above(self) -> str:
        """The units that the headings above name for the row."""
        named = [section.units for section in (self.section, self.above) if section]
        return next(filter(None, named), "")

    def seamed(self) -> Iterable[tuple[str, Text]]:
        return ((role, cell) for role, cell in self.cells.items() if cell.seams)


def is_heading(text: str) -> bool:
    return bool(heading_pattern("pattern").match(squeeze(text)))


def is_furniture(text: str) -> bool:
    """A page number or 续表: layout, not a word of the document."""
    return bool(heading_pattern("furniture").match(text))


def split_units(text: str) -> tuple[str, str | None]:
    """A heading line into the heading and the units it names for every row below."""
    for form in (text, squeeze(text)):
        found = heading_pattern("units").search(form)
        if found:
            heading, units = squeeze(form[: found.start()]), form[found.end() :].strip()
            if heading.endswith(("（", "(")):  # （一）甲类（责任单位：…）
                return heading[:-1], units.removesuffix("）").removesuffix(")")
            return heading, units
    return text, None


def number(text: str) -> str:
    """The number a cell prints, in plain digits: １. is 1; empty where it is no number."""
    plain = unicodedata.normalize("NFKC", squeeze(text))
    found = heading_pattern("number").match(plain)
    if not found:
        return ""
    return str(int(found.group(1))) if found.group(1).isdecimal() else found.group(1)


def is_number(text: str) -> bool:
    """A bare number in digits, as it may stand on a line of its own."""
    return number(text).isdecimal()
