"""A table as .xlsx that is meant to be printed: a title, a head on every page, cells that wrap."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

# Text stays text: neither a formula nor a link, whatever it begins with.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
A4 = 9
FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
BORDERED = {**FONT, "border": 1, "text_wrap": True}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`columns` are headings with their widths in characters; `said` stands below the title."""

    name: str
    title: str
    said: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        title = book.add_format({**FONT, "font_name": "黑体", "font_size": 16, "align": "center"})
        head = book.add_format({**BORDERED, "bold": True, "align": "center", "bg_color": "#eef3f9"})
        said, plain = book.add_format(FONT), book.add_format(BORDERED)
        dated = book.add_format({**BORDERED, "num_format": "yyyy-mm-dd"})
        for told in sheets:
            sheet = book.add_worksheet(told.name)
            last = len(told.columns) - 1
            sheet.merge_range(0, 0, 0, last, told.title, title)
            sheet.merge_range(1, 0, 1, last, told.said, said)
            for number, (heading, width) in enumerate(told.columns):
                sheet.set_column(number, number, width)
                sheet.write_string(2, number, heading, head)
            for number, row in enumerate(told.rows, start=3):
                for column, value in enumerate(row):
                    kind = dated if isinstance(value, date) else plain
                    sheet.write(number, column, value, kind)
            _for_the_printer(sheet)
    return file.getvalue()


def _for_the_printer(sheet: Any) -> None:
    sheet.freeze_panes(3, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C第&P页，共&N页")
