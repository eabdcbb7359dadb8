"""The answers to a call as one table in Excel; what units typed stays text, never a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

OPTIONS = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
SHEET = "答复"
WIDTH = 24


def workbook(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e8eef5", "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, len(head) - 1, WIDTH)
        sheet.freeze_panes(2, 1)
        sheet.write_string(0, 0, title, book.add_format({"bold": True}))
        for column, word in enumerate(head):
            sheet.write_string(1, column, word, bold)
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, wrapped)
    return file.getvalue()


def _write(sheet: Any, number: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(number, column, value, form)
    else:
        sheet.write_string(number, column, str(value), form)
