"""Writes a reading down as a Word document, a workbook, and a web page."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape

import xlsxwriter
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.table import Table

from tests.notices.layout import Cells, Layout, all_rows, laid_out
from tracker.notices.reading.document import Reading


def as_docx(reading: Reading) -> bytes:
    document = Document()
    for layout in laid_out(reading):
        for paragraph in layout.above:
            document.add_paragraph(paragraph)
        for number, page in enumerate(layout.pages, start=1):
            _add_table(document, page.rows)
            document.add_paragraph(f"— {number} —" if page is not layout.pages[-1] else "")
        for paragraph in layout.below:
            document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: Docx, rows: Sequence[Cells]) -> None:
    width = max(map(len, rows))
    table = document.add_table(rows=len(rows), cols=width)
    cells = [list(row.cells) for row in table.rows]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if cell.wide > 1:
                cells[at][column].merge(cells[at][column + cell.wide - 1])
            if cell.high > 1:
                cells[at][column].merge(cells[at + cell.high - 1][column])
            cells[at][column].text = cell.text
    _repeat_header(table)


def _repeat_header(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def as_xlsx(reading: Reading) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for number, layout in enumerate(laid_out(reading), start=1):
        _add_sheet(book.add_worksheet(f"清单{number}"), layout)
    book.close()
    return file.getvalue()


def _add_sheet(sheet: xlsxwriter.worksheet.Worksheet, layout: Layout) -> None:
    at = 0
    for paragraph in layout.above:
        sheet.merge_range(at, 0, at, 6, paragraph)
        at += 1
    for row in all_rows(layout):
        for column, cell in enumerate(row):
            if cell is not None:
                _write(sheet, at, column, cell.text, (cell.high, cell.wide))
        at += 1
    for paragraph in layout.below:
        sheet.write_string(at + 1, 0, paragraph)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, at: int, column: int, text: str, size: tuple[int, int]
) -> None:
    """Numbers go in as numbers, which a workbook keeps as 1.0."""
    high, wide = size
    if size != (1, 1):
        sheet.merge_range(at, column, at + high - 1, column + wide - 1, text)
    elif text.isdecimal():
        sheet.write_number(at, column, int(text))
    else:
        sheet.write_string(at, column, text)


def as_html(reading: Reading) -> bytes:
    parts = ["<!DOCTYPE html><html><head><title>通知</title></head><body>"]
    for layout in laid_out(reading):
        parts.extend(f"<p>{escape(paragraph)}</p>" for paragraph in layout.above)
        parts.append("<table><tbody>")
        parts.extend(f"<tr>{_html_cells(row)}</tr>" for row in all_rows(layout))
        parts.append("</tbody></table>")
        parts.extend(f"<div><span>{escape(paragraph)}</span></div>" for paragraph in layout.below)
    return "\n".join([*parts, "</body></html>"]).encode()


def _html_cells(row: Cells) -> str:
    return "".join(
        f'<td rowspan="{cell.high}" colspan="{cell.wide}">\n  {_html_text(cell.text)}\n</td>'
        for cell in row
        if cell is not None
    )


def _html_text(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


FORMATS: dict[str, Callable[[Reading], bytes]] = {
    "docx": as_docx,
    "xlsx": as_xlsx,
    "html": as_html,
}
