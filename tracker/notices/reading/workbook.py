"""Workbooks (.xlsx, .ods): every sheet, row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from python_calamine import CalamineSheet, CalamineWorkbook

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.words import clean

MOST_ROWS = 50_000
MOST_COLUMNS = 64

Value = int | float | str | bool | date | datetime | time | object


def lines(data: bytes) -> list[Line]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        line
        for name in book.sheet_names
        for line in _sheet(book.get_sheet_by_name(name))
    ]


def _sheet(sheet: CalamineSheet) -> Iterator[Line]:
    if not sheet.height or sheet.height > MOST_ROWS:
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
