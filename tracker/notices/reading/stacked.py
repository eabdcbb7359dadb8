"""Rows whose cells stand one on a line, as text copied out of a document often comes."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.notices.findings import Finding
from tracker.notices.reading.header import Header, header_at
from tracker.notices.reading.lines import Line, following
from tracker.notices.reading.rows import (
    Row,
    Text,
    is_furniture,
    is_heading,
    is_number,
    number,
    split_units,
)
from tracker.notices.reading.sections import OpenSections
from tracker.notices.reading.tabular import Chunk

LOOK_AHEAD = 8
HEADING_AHEAD = 2


def chunk_at(lines: Sequence[Line], begins: int, header: Header, before: Chunk | None) -> Chunk:
    return _Stacked(lines, begins, header, before).read()


class _Stacked:
    def __init__(
        self, lines: Sequence[Line], begins: int, header: Header, before: Chunk | None
    ) -> None:
        self.header = header
        self.chunk = Chunk(header=header, begins=begins, ends=header.start)
        self.lines = lines
        self.roles = [role for role in header.columns if role != "no"]
        self.cells: list[str] = []
        self.row: Row | None = None
        self.sections = OpenSections(before.open if before else ())

    def read(self) -> Chunk:
        index = self.header.start
        while index < len(self.lines) and self._take(index):
            index += 1
        self._finish_row()
        self.chunk.ends, self.chunk.open = index, self.sections.open
        return self.chunk

    def _take(self, index: int) -> bool:
        line = self.lines[index]
        if line.is_blank or is_furniture(line.squeezed):
            return True
        if self._awaits_number(line):
            self._begin_row(line)
        elif header_at(self.lines, index):
            return False
        elif self._is_between_rows and is_heading(line.text) and self._number_follows(index):
            self._open_section(line)
        elif self.row is None or self._is_end(line, index):
            return False
        else:
            self.cells.append(line.text)
        return True

    @property
    def _is_between_rows(self) -> bool:
        return self.row is None or len(self.cells) >= len(self.roles)

    def _is_end(self, line: Line, index: int) -> bool:
        """The last row is full and no other follows; unless its last cell is only now printed."""
        if not self._is_between_rows or self._number_follows(index):
            return False
        last = {row.text(self.roles[-1]) for row in self.chunk.rows if self.roles[-1]}
        return line.text not in last or self.cells[-1] in last

    def _awaits_number(self, line: Line) -> bool:
        """A bare number begins a row where one may begin: never inside a row that lacks cells."""
        if not is_number(line.text):
            return False
        follows = self.row is not None and number(line.text) == str(_value(self.row.no) + 1)
        return self._is_between_rows or follows

    def _number_follows(self, index: int) -> bool:
        """Whether another row, or another heading with rows, comes soon."""
        soon = [line.text for _, line in following(self.lines, index + 1, LOOK_AHEAD)]
        return any(is_number(text) for text in soon) or any(map(is_heading, soon[:HEADING_AHEAD]))

    def _begin_row(self, line: Line) -> None:
        self._finish_row()
        self.row = Row(no=number(line.text), place=line.place)
        self.sections.enter(self.row)
        self.cells = []

    def _open_section(self, line: Line) -> None:
        self._finish_row()
        heading, units = split_units(line.text)
        section = self.sections.begin(heading, units, line.place)
        if section:
            self.chunk.sections.append(section)

    def _finish_row(self) -> None:
        if self.row is None:
            return
        self._remark_count(self.row)
        for role, cell in zip(self.roles, self._fitted(), strict=True):
            if role:
                self.row.cells[role] = Text(cell)
        self.chunk.rows.append(self.row)
        self.row, self.cells = None, []

    def _fitted(self) -> list[str]:
        """As many cells as columns: what is too much is taken for lines of content, or of units."""
        surplus = len(self.cells) - len(self.roles)
        if surplus <= 0:
            return self.cells + [""] * -surplus
        at = self.roles.index("content") if "content" in self.roles else 0
        window = self.cells[at : at + surplus + 2]
        length = surplus + 1
        if self.roles[at : at + 2] == ["content", "units"]:
            length = _last_sentence(window) or length
        joined = ["\n".join(window[:length]), "\n".join(window[length:])]
        if self.roles[at + 1 :] or length <= surplus:
            return [*self.cells[:at], *joined, *self.cells[at + surplus + 2 :]]
        return [*self.cells[:at], joined[0]]

    def _remark_count(self, row: Row) -> None:
        if len(self.cells) == len(self.roles):
            return
        counted = f"这一行应有{len(self.roles)}格，实有{len(self.cells)}格"
        message = f"{counted}，各格可能错位，请对照原文核对。"
        self.chunk.findings.append(
            Finding(code="cell-count", message=message, place=row.place, no=row.no)
        )


def _value(no: str) -> int:
    return int(no) if no.isdecimal() else 0


def _last_sentence(window: Sequence[str]) -> int:
    """How many of these lines are content: up to the last, but one, that ends a sentence."""
    ends = [at for at, line in enumerate(window[:-1], start=1) if line.endswith(("。", "；"))]
    return ends[-1] if ends else 0
