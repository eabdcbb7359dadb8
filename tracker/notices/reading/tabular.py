"""Rows that stand one on a line: tab-separated text, Word, Excel and web tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.notices.findings import Finding
from tracker.notices.reading.header import Header, header_at, next_header
from tracker.notices.reading.lines import Line
from tracker.notices.reading.rows import (
    Row,
    Section,
    Text,
    is_heading,
    is_number,
    number,
    split_units,
)

LOOK_AHEAD = 4
INHERITABLE = ("units", "group", "scope", "support", "deadline")


@dataclass
class Chunk:
    """A header and the rows below it, up to the next header or the end of the table."""

    header: Header
    begins: int
    ends: int
    rows: list[Row] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    open: list[Section] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def chunk_at(
    lines: Sequence[Line], begins: int, header: Header, before: Chunk | None
) -> Chunk:
    """Read rows until the table ends. `before` is the part on the page before, if there is one."""
    return _Tabular(lines, begins, header, before).read()


class _Tabular:
    def __init__(
        self, lines: Sequence[Line], begins: int, header: Header, before: Chunk | None
    ) -> None:
        self.lines = lines
        self.header = header
        self.chunk = Chunk(header=header, begins=begins, ends=header.start)
        self.row: Row | None = before.rows[-1] if before and before.rows else None
        self.open = list(before.open) if before else []

    def read(self) -> Chunk:
        index = self.header.start
        while index < len(self.lines) and self._take(index):
            index += 1
        self.chunk.ends, self.chunk.open = index, self.open
        return self.chunk

    def _take(self, index: int) -> bool:
        """Take one line; False where the table has ended."""
        line = self.lines[index]
        if line.is_blank:
            return True
        if header_at(self.lines, index):
            return False
        if line.is_single and not is_number(line.text):
            return self._take_single(line, index)
        self._take_cells(line)
        return True

    def _take_single(self, line: Line, index: int) -> bool:
        heading, units = split_units(line.text)
        if is_heading(heading) or (units is not None and not heading):
            if self._heads_a_new_list(index):
                return False
            self._open_section(heading, units, line)
            return True
        if self._goes_on(index + 1):
            self._remark_stray(line)
            return True
        return False

    def _heads_a_new_list(self, index: int) -> bool:
        """A heading right above another header, whose numbers begin anew, belongs to that header."""
        header = next_header(self.lines, index + 1)
        return header is not None and _first_number(self.lines, header.start) == "1"

    def _open_section(self, heading: str, units: str | None, line: Line) -> None:
        if heading:
            section = Section(heading=heading.strip(), place=line.place)
            self.open = [s for s in self.open if s.is_upper and not section.is_upper]
            self.open.append(section)
            self.chunk.sections.append(section)
        if units is not None and self.open:
            self.open[-1].units = units

    def _goes_on(self, index: int) -> bool:
        """Whether a row with the next number follows soon, so that a loose line is no end."""
        awaited = (
            str(int(self.row.no) + 1) if self.row and self.row.no.isdecimal() else "1"
        )
        following = [line for line in self.lines[index:] if not line.is_blank][
            :LOOK_AHEAD
        ]
        return any(
            len(line.filled) > 1 and _no(line, self.header) == awaited
            for line in following
        )

    def _remark_stray(self, line: Line) -> None:
        message = f"表格中间有一行不成列的文字“{line.text[:40]}”，未计入任何事项，请核对原文。"
        self.chunk.findings.append(
            Finding(code="stray-text", message=message, place=line.place)
        )

    def _take_cells(self, line: Line) -> None:
        no = _no(line, self.header)
        if (
            no is None
            and self.row is not None
            and not self._lacks_number(line, self.row)
        ):
            self._join(line, self.row)
            return
        if no is None:
            no = self._remark_numberless(line)
        self.row = Row(no=no or str(len(self.chunk.rows) + 1), place=line.place)
        self._fill(line, self.row)
        self._place_in_section(self.row)
        self.chunk.rows.append(self.row)

    def _lacks_number(self, line: Line, before: Row) -> bool:
        """A row of its own whose number was left out, not the second half of a cut row."""
        cells = dict(self._roles(line))
        said = [
            cells.get(role) for role in ("title", "content", "units") if role in cells
        ]
        return (
            None not in cells.values()
            and all(said)
            and before.text("content").endswith("。")
        )

    def _remark_numberless(self, line: Line) -> str:
        no = f"缺号{sum(row.no.startswith('缺号') for row in self.chunk.rows) + 1}"
        message = f"这一行没有序号，暂记为“{no}”，请核对原文后补正。"
        self.chunk.findings.append(
            Finding(code="number-missing", message=message, place=line.place, no=no)
        )
        return no

    def _fill(self, line: Line, row: Row) -> None:
        previous = self.chunk.rows[-1] if self.chunk.rows else None
        inherited = []
        for role, cell in self._roles(line):
            if cell is None and previous and role in INHERITABLE:
                cell = previous.text(role)
                inherited.append(role)
            row.cells[role] = Text(cell or "")
        row.inherited = tuple(inherited)
        self._remark_extra(line, row)

    def _place_in_section(self, row: Row) -> None:
        if self.open:
            row.section = self.open[-1]
            row.above = self.open[0] if len(self.open) > 1 else None
            for section in self.open:
                section.rows += 1

    def _join(self, line: Line, row: Row) -> None:
        """A row cut by a page break: its second half has no number."""
        for role, cell in self._roles(line):
            if cell and role != "no":
                row.cells.setdefault(role, Text()).append(cell)

    def _roles(self, line: Line) -> list[tuple[str, str | None]]:
        padded = [*line.cells, *[""] * len(self.header.columns)]
        return [
            (role, cell)
            for role, cell in zip(self.header.columns, padded, strict=False)
            if role
        ]

    def _remark_extra(self, line: Line, row: Row) -> None:
        extra = [cell for cell in line.cells[len(self.header.columns) :] if cell]
        if extra:
            message = (
                f"这一行比表头多出“{'、'.join(extra)[:40]}”，多出的格未读入，请核对。"
            )
            self.chunk.findings.append(
                Finding(code="cell-count", message=message, place=line.place, no=row.no)
            )


def _no(line: Line, header: Header) -> str | None:
    """The row's number; None where it has none. A table without numbers counts its rows."""
    column = header.column("no")
    if column is None:
        return ""
    cell = line.cells[column] if column < len(line.cells) else ""
    return number(cell) if cell and is_number(cell) else None


def _first_number(lines: Sequence[Line], index: int) -> str | None:
    for line in lines[index : index + 12]:
        if line.filled and line.cells[0] and is_number(line.cells[0]):
            return number(line.cells[0])
    return None
