"""What a line says as a row of its table: which cell is which, which number, and whose half."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.notices.reading.header import Header, header_at
from tracker.notices.reading.lines import Line, following
from tracker.notices.reading.rows import Row, is_heading, number, split_units
from tracker.notices.reading.words import heading_pattern, squeeze

LOOK_AHEAD = 4
NUMBER_AHEAD = 12
FAR_AHEAD = 60
LONGEST_HEADING = 60
LONGEST_NUMBER = 8


class Grid:
    """A header's columns laid over the lines below it."""

    def __init__(
        self, lines: Sequence[Line], header: Header, *, is_first: bool, counted: int | None
    ) -> None:
        self.lines = lines
        self.header = header
        self.no = header.column("no")
        self.title = header.column("title") or 0
        self.sheet = lines[header.start - 1].place.sheet
        self.counted = counted
        # A later page may hold nothing but the second half of a row: it follows the first.
        self.lacks_numbers = self._prints_no_numbers() if is_first else counted is not None
        if self.lacks_numbers:
            self.counted = counted or 0

    def _prints_no_numbers(self) -> bool:
        """A table without numbers, or with an empty column of them: its rows are counted."""
        if self.no is None:
            return True
        return self.first_number(self.header.start) is None and self._has_titles()

    def _has_titles(self) -> bool:
        soon = [line for _, line in following(self.lines, self.header.start, LOOK_AHEAD)]
        return sum(bool(self._cell(line, self.title)) and len(line.cells) > 1 for line in soon) > 1

    def first_number(self, index: int) -> str | None:
        for position, line in following(self.lines, index, FAR_AHEAD):
            if header_at(self.lines, position):
                return None
            printed = number(self._cell(line, self.no or 0) or "")
            if printed:
                return printed
        return None

    def _cell(self, line: Line, column: int | None) -> str | None:
        return line.cells[column] if column is not None and column < len(line.cells) else ""

    def number_cell(self, line: Line) -> str:
        return squeeze(self._cell(line, self.no) or "")[:LONGEST_NUMBER]

    def number(self, line: Line) -> str | None:
        """The row's number; None where it has none. Rows without numbers are counted."""
        if not self.lacks_numbers:
            return number(self._cell(line, self.no) or "") or None
        if not self._cell(line, self.title):
            return None
        self.counted = (self.counted or 0) + 1
        return str(self.counted)

    def prints_oddly(self, line: Line) -> bool:
        """Something stands where the number should: a row of its own, whatever it says."""
        return bool(self.number_cell(line)) and bool(self._cell(line, self.title))

    def roles(self, line: Line) -> list[tuple[str, str | None]]:
        padded = [*line.cells, *[""] * len(self.header.columns)]
        pairs = zip(self.header.columns, padded, strict=False)
        return [(role, cell) for role, cell in pairs if role]

    def extra(self, line: Line) -> list[str]:
        """Cells that stand below no word of the header."""
        wide = [*self.header.columns, *[None] * len(line.cells)]
        named = self.header.named
        return [
            cell
            for column, (role, cell) in enumerate(zip(wide, line.cells, strict=False))
            if cell and role is None and column not in named
        ]

    def is_another(self, line: Line) -> bool:
        """A row of another table, which has no header and is laid out otherwise."""
        elsewhere = self.sheet is not None and line.place.sheet != self.sheet
        other_width = len(line.cells) != len(self.lines[self.header.start - 1].cells)
        return elsewhere and other_width and len(line.cells) > 1

    def spans_rows(self, line: Line) -> bool:
        """The number, or the title where rows are counted, is one cell with the one above."""
        return self._cell(line, self.title if self.lacks_numbers else self.no) is None

    def heading(self, line: Line, index: int) -> str | None:
        """The heading this line prints, in whichever cells; None where it is none."""
        if None in line.cells or not line.filled or line.filled[-1] > max(self.title, 1):
            return None
        text = self._numbered_heading(line) or (line.text if len(line.filled) == 1 else "")
        if not text or number(text).isdecimal():
            return None
        heading, units = split_units(text)
        if units is not None and (not heading or is_heading(heading)):
            return text
        is_one = is_heading(text) or self._looks_like_one(line, text)
        return text if is_one and self._has_rows_below(line, index) else None

    def _numbered_heading(self, line: Line) -> str:
        """一 in one cell and its words in the next."""
        first = squeeze(self._cell(line, line.filled[0]) or "")
        if len(line.filled) != 2 or not heading_pattern("numeral").match(first):  # noqa: PLR2004
            return ""
        return first + ("" if first[-1] in "、.．）)" else "、") + str(line.cells[line.filled[1]])

    def _looks_like_one(self, line: Line, text: str) -> bool:
        """A row of the table that is one merged cell, with a few words that end no sentence."""
        is_row = len(line.cells) > 1 and line.filled == [0]
        return (
            is_row and len(text) <= LONGEST_HEADING and not text.endswith(("。", "；", "：", ":"))
        )

    def _has_rows_below(self, line: Line, index: int) -> bool:
        """A paragraph that looks like a heading is one where rows follow; in a row it always is."""
        if len(line.cells) > 1 and is_heading(line.text):
            return True
        return any(self._is_row(below) for _, below in following(self.lines, index + 1, LOOK_AHEAD))

    def _is_row(self, line: Line) -> bool:
        if len(line.filled) < 2:  # noqa: PLR2004
            return False
        return self.lacks_numbers or bool(number(self._cell(line, self.no) or ""))

    def is_awaited(self, line: Line, row: Row | None) -> bool:
        """A bare number is a row whose cells are empty where it is the next, or stands in a row."""
        return len(line.cells) > 1 or number(line.text) == _after(row)

    def goes_on(self, index: int, row: Row | None) -> bool:
        """Whether rows follow soon, so that a loose line is no end; past a header, the next one."""
        past_header = False
        for position, line in following(self.lines, index, LOOK_AHEAD):
            past_header = past_header or header_at(self.lines, position) is not None
            is_next = number(self._cell(line, self.no) or "") == _after(row)
            if self._is_row(line) and (is_next or not past_header):
                return True
        return False

    def lacks_number(self, line: Line, index: int, before: Row) -> bool:
        """A row of its own whose number was left out, not the second half of a cut row."""
        cells = dict(self.roles(line))
        if self.lacks_numbers or None in cells.values() or not cells.get("title"):
            return False
        if self._next_number(index) == (_after(before, 2) or None):
            return bool(cells.get("units") or cells.get("content"))
        needed = [role for role in ("content", "units", "scope") if role in cells]
        content = before.text("content")
        return all(cells[role] for role in needed) and (not content or content.endswith("。"))

    def _next_number(self, index: int) -> str | None:
        for _, line in following(self.lines, index + 1, NUMBER_AHEAD):
            printed = number(self._cell(line, self.no) or "")
            if printed and len(line.filled) > 1:
                return printed
        return None

    def completed(self, index: int) -> tuple[Line, int]:
        """A row of text whose cell runs over several lines, put together; and how many they are."""
        line = self.lines[index]
        width = len(self.header.columns)
        cells = list(line.cells)
        if line.place.line is None or not self._is_row(line) or self.lacks_numbers:
            return line, 1
        for position in range(index + 1, min(index + 1 + FAR_AHEAD, len(self.lines))):
            below = self.lines[position]
            if len(cells) >= width or below.is_blank or not self._only_continues(below, position):
                break
            cells = [*cells[:-1], f"{cells[-1]}\n{below.cells[0] or ''}", *below.cells[1:]]
            if len(cells) == width:
                return Line(tuple(cells), line.place), position - index + 1
        return line, 1

    def _only_continues(self, line: Line, position: int) -> bool:
        first = line.cells[0] or ""
        is_new = number(first) or header_at(self.lines, position) or is_heading(line.text)
        return bool(first) and not is_new


def _after(row: Row | None, step: int = 1) -> str:
    if row is None:
        return "1"
    return str(int(row.no) + step) if row.no.isdecimal() else ""
