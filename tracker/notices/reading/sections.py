"""The headings that stand open above a row, and what they say for the rows below them."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.notices.reading.lines import Place
from tracker.notices.reading.rows import Row, Section


class OpenSections:
    """At most two levels: 一、 and （一） below it."""

    def __init__(self, open_: Sequence[Section] = ()) -> None:
        self.open = list(open_)
        self._unfinished = False

    def begin(self, heading: str, units: str | None, place: Place) -> Section | None:
        """A new heading, if there is one; units alone belong to the heading before."""
        section = None
        if heading:
            section = Section(heading=heading.strip(), place=place)
            self.open = [s for s in self.open if s.is_upper and not section.is_upper]
            self.open.append(section)
        if units is not None and self.open:
            self.open[-1].units = units
        self._unfinished = units == ""
        return section

    def awaits_units(self) -> bool:
        """责任单位： stands at the end of a line: the units are on the next."""
        return self._unfinished and bool(self.open)

    def name_units(self, units: str) -> None:
        self.open[-1].units = units
        self._unfinished = False

    def enter(self, row: Row) -> None:
        self._unfinished = False
        if not self.open:
            return
        row.section = self.open[-1]
        row.above = self.open[0] if len(self.open) > 1 else None
        for section in self.open:
            section.rows += 1
