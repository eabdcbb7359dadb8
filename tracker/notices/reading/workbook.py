"""Workbooks (.xlsx): every sheet, row by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

from python_calamine import CalamineSheet, CalamineWorkbook

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.unreadable import Unreadable
from tracker.notices.reading.words import clean

MOST_ROWS = 50_000
MOST_COLUMNS = 64
MOST_CELLS = 8_000_000
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")

Value = int | float | str | bool | date | datetime | time | object


def lines(data: bytes) -> list[Line]:
    _refuse_vast(data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [line for name in book.sheet_names for line in _sheet(book.get_sheet_by_name(name))]


def _refuse_vast(data: bytes) -> None:
    """Calamine lays a sheet out whole, and ends the process where two far cells span too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(".xml") and _extent(package.read(name)) > MOST_CELLS:
                raise Unreadable("工作表的范围过大，请只保留任务分工表部分，另存后重新上传。")


def _extent(sheet: bytes) -> int:
    rows = columns = 1
    for letters, digits in _REFERENCE.findall(sheet):
        rows = max(rows, int(digits))
        columns = max(columns, _column(letters))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet(sheet: CalamineSheet) -> Iterator[Line]:
    if sheet.height > MOST_ROWS:
        raise Unreadable(f"工作表“{sheet.name}”有{sheet.height}行，请只保留任务分工表后重新上传。")
    if not sheet.height:
        return
    below = _merged_below(sheet)
    rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    for number, row in enumerate(rows):
        cells = [
            None if (number, column) in below else shown(value)
            for column, value in enumerate(row[:MOST_COLUMNS])
        ]
        yield Line(tuple(cells), Place(sheet=sheet.name, row=number + 1))


def _merged_below(sheet: CalamineSheet) -> set[tuple[int, int]]:
    """The first-column cells of merges that are not the merge's first row."""
    return {
        (row, left)
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []
        for row in range(top + 1, min(bottom, MOST_ROWS) + 1)
    }


def shown(value: Value) -> str:
    """A cell as a person sees it: 1, not 1.0; a day, not a moment."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return clean(str(value))
