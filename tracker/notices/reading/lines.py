"""What every kind of file is turned into first: lines of cells, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.notices.reading.words import clean, squeeze


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something stands in its file."""

    line: int | None = None
    sheet: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"第{self.line}行"
        return f"{self.sheet}第{self.row}行" if self.row is not None else ""

    def as_json(self) -> dict[str, int | str]:
        if self.line is not None:
            return {"line": self.line}
        return {"sheet": self.sheet or "", "row": self.row or 0}


NOWHERE = Place()


@dataclass(frozen=True)
class Line:
    """A row of a table, or a paragraph (one cell). None: the cell is one with the cell above."""

    cells: tuple[str | None, ...]
    place: Place

    @property
    def filled(self) -> list[int]:
        return [i for i, cell in enumerate(self.cells) if cell]

    @property
    def is_blank(self) -> bool:
        return not self.filled

    @property
    def text(self) -> str:
        """All of the line's text, for headings and paragraphs."""
        return " ".join(cell for cell in self.cells if cell)

    @property
    def is_single(self) -> bool:
        """Only one cell says something, and it is the first: a paragraph or a heading."""
        return self.filled == [0] and None not in self.cells

    @property
    def squeezed(self) -> str:
        return squeeze(self.text)


def line_of(cells: list[str], place: Place) -> Line:
    return Line(tuple(clean(cell) for cell in cells), place)


def following(lines: Sequence[Line], index: int, most: int) -> Iterator[tuple[int, Line]]:
    """The next lines that say anything, from this one on, with their positions."""
    for position in range(index, len(lines)):
        if lines[position].is_blank:
            continue
        if most == 0:
            return
        most -= 1
        yield position, lines[position]
