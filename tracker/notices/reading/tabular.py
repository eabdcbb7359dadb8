"""Rows that stand one on a line: tab-separated text, Word, Excel and web tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.notices.findings import Finding
from tracker.notices.reading.grid import Grid
from tracker.notices.reading.header import Header, header_at, next_header
from tracker.notices.reading.lines import Line
from tracker.notices.reading.rows import (
    Row,
    Section,
    Text,
    is_furniture,
    is_heading,
    is_number,
    split_units,
)
from tracker.notices.reading.sections import OpenSections

SHOWN = 40


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
    last: Row | None = None
    counted: int | None = None


def chunk_at(lines: Sequence[Line], begins: int, header: Header, before: Chunk | None) -> Chunk:
    """Read rows until the table ends. `before` is the part on the page before, if there is one."""
    return _Tabular(lines, begins, header, before).read()


class _Tabular:
    def __init__(
        self, lines: Sequence[Line], begins: int, header: Header, before: Chunk | None
    ) -> None:
        self.lines = lines
        self.chunk = Chunk(header=header, begins=begins, ends=header.start)
        self.row = before.last if before else None
        self.sections = OpenSections(before.open if before else ())
        self.grid = Grid(
            lines, header, is_first=before is None, counted=before.counted if before else None
        )
        if self.grid.lacks_numbers and self.grid.no is not None and not before:
            self._remark("number-missing", "序号一栏全部为空，已按行的次序编号。", lines[begins])

    def read(self) -> Chunk:
        index = self.chunk.header.start
        while index < len(self.lines):
            taken = self._take(index)
            if not taken:
                break
            index += taken
        self.chunk.ends, self.chunk.open = index, self.sections.open
        self.chunk.last, self.chunk.counted = self.row, self.grid.counted
        return self.chunk

    def _take(self, index: int) -> int:
        """Take some lines and say how many; none where the table has ended."""
        line = self.lines[index]
        if line.is_blank or is_furniture(line.squeezed):
            return 1
        if header_at(self.lines, index) or self.grid.is_another(line):
            return 0
        if self.sections.awaits_units() and line.is_single and not is_heading(line.text):
            self.sections.name_units(line.text)
            return 1
        heading = self.grid.heading(line, index)
        if heading is not None:
            return self._take_heading(heading, index)
        if self._is_loose(line):
            return self._take_loose(line, index)
        line, taken = self.grid.completed(index)
        self._take_cells(line, index)
        return taken

    def _is_loose(self, line: Line) -> bool:
        """Text that fills no column: a note, a stray line, or a bare number that is not next."""
        if not line.is_single:
            return False
        return not (is_number(line.text) and self.grid.is_awaited(line, self.row))

    def _take_heading(self, text: str, index: int) -> int:
        heading, units = split_units(text)
        if self._heads_a_new_list(index):
            return 0
        line = self.lines[index]
        section = self.sections.begin(heading, units, line.place)
        if section:
            self.chunk.sections.append(section)
        return 1

    def _heads_a_new_list(self, index: int) -> bool:
        """A heading right above another header whose numbers begin anew belongs to that header."""
        header = next_header(self.lines, index + 1)
        return header is not None and self.grid.first_number(header.start) == "1"

    def _take_loose(self, line: Line, index: int) -> int:
        if not self.grid.goes_on(index + 1, self.row):
            return 0
        said = f"“{line.text[:SHOWN]}”"
        message = f"表格中间有一行不成列的文字{said}，未计入任何事项，请核对原文。"
        self._remark("stray-text", message, line)
        return 1

    def _take_cells(self, line: Line, index: int) -> None:
        no = self.grid.number(line)
        if no is None and self.row is not None and not self._stands_alone(line, index, self.row):
            self._join(line, self.row)
            return
        if no is None:
            no = self._remark_numberless(line)
        self.row = Row(no=no, place=line.place)
        self._fill(line, self.row)
        self.sections.enter(self.row)
        self.chunk.rows.append(self.row)

    def _stands_alone(self, line: Line, index: int, before: Row) -> bool:
        return self.grid.prints_oddly(line) or self.grid.lacks_number(line, index, before)

    def _remark_numberless(self, line: Line) -> str:
        odd = self.grid.number_cell(line)
        no = odd or f"缺号{sum(row.no.startswith('缺号') for row in self.chunk.rows) + 1}"
        said = f"序号一栏印作“{odd}”，不是数字" if odd else f"这一行没有序号，暂记为“{no}”"
        self._remark("number-missing", f"{said}，请核对原文后补正。", line, no)
        return no

    def _fill(self, line: Line, row: Row) -> None:
        """The row's cells. A cell that is one with the cell above says what that one says."""
        previous = self.chunk.rows[-1] if self.chunk.rows else None
        inherited = []
        for role, cell in self.grid.roles(line):
            if cell is None and previous and role != "no":
                inherited.append(role)
            above = previous.text(role) if previous and cell is None else ""
            row.cells[role] = Text(cell or above)
        row.inherited = tuple(inherited)
        self._remark_extra(line, row)

    def _join(self, line: Line, row: Row) -> None:
        """The second half of a row that a page break cut, or a row whose number spans several."""
        spans = self.grid.spans_rows(line)
        for role, cell in self.grid.roles(line):
            if cell and role != "no":
                text = row.cells.setdefault(role, Text())
                (text.append_line if spans else text.append)(cell)
        if spans:
            message = f"序号{row.no}占几行，已把各行的文字接在一起，请核对。"
            self._remark("row-spans", message, line, row.no)
        self._remark_extra(line, row)

    def _remark_extra(self, line: Line, row: Row) -> None:
        extra = self.grid.extra(line)
        if extra:
            said = "、".join(extra)[:SHOWN]
            message = f"这一行比表头多出“{said}”，多出的格未读入，请核对。"
            self._remark("cell-count", message, line, row.no)

    def _remark(self, code: str, message: str, line: Line, no: str | None = None) -> None:
        self.chunk.findings.append(Finding(code=code, message=message, place=line.place, no=no))
