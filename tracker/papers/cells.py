"""Workbooks that people fill in and hand back: their rows, and which cells are wrong. Pure."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from tracker.notices.reading.files import lines_of
from tracker.notices.reading.lines import Line
from tracker.notices.reading.unreadable import Unreadable

RED = "FFFFC7CE"
WIDE, HIGH = 320, 120
FORMULA, TEXT = "f", "s"
MOST_CELLS = 100_000
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


@dataclass(frozen=True, kw_only=True)
class WrongCell:
    """Where something is wrong, what stands there, and what to write."""

    sheet: str
    cell: str
    sentence: str
    written: str = ""


def rows_of(data: bytes, sheet: str, refusal: str) -> list[Line]:
    """The rows of one sheet; `refusal` says what to do with a file that has none."""
    return rows_by_sheet(data, (sheet,), refusal)[0]


def rows_by_sheet(data: bytes, sheets: Sequence[str], refusal: str) -> list[list[Line]]:
    try:
        lines = lines_of(data)
    except Unreadable as error:
        raise Unreadable(refusal) from error
    found = [[line for line in lines if line.place.sheet == sheet] for sheet in sheets]
    if not all(found):
        raise Unreadable(refusal)
    return found


def padded(line: Line, width: int) -> list[str]:
    return [cell or "" for cell in (*line.cells, *[""] * width)][:width]


def annotated(data: bytes, wrong: Sequence[WrongCell]) -> bytes:
    """The same workbook, each wrong cell red with its sentence, what was marked before cleared.

    Empty where the workbook can be read but not written again.
    """
    try:
        return _annotated(data, wrong) if _cells_in(data) <= MOST_CELLS else b""
    except Exception:  # the library raises whatever a strange file provokes
        return b""


def _cells_in(data: bytes) -> int:
    """Written again, a cell takes a hundred times the room that it has in its file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.endswith(".xml")]
        return sum(len(CELL.findall(package.read(name))) for name in names)


def _annotated(data: bytes, wrong: Sequence[WrongCell]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    _clear(book)
    fill = PatternFill("solid", start_color=RED)
    for one in wrong:
        cell = book[one.sheet][one.cell]
        before = cell.comment.text + "\n" if cell.comment else ""
        cell.fill, cell.comment = fill, Comment(before + one.sentence, "", HIGH, WIDE)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _clear(book: Workbook) -> None:
    """Old marks go, and a formula is shown as it was typed rather than worked out."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == FORMULA:
                    cell.data_type = TEXT
                if cell.comment and cell.fill.start_color.rgb == RED:
                    cell.comment, cell.fill = None, PatternFill()
