"""Word documents (.docx): paragraphs and tables in the order they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.words import clean


def lines(data: bytes) -> list[Line]:
    return list(_walk(data))


def _walk(data: bytes) -> Iterator[Line]:
    document = Document(io.BytesIO(data))
    tables = paragraphs = 0
    for element in document.element.body.iterchildren():
        if element.tag == qn("w:tbl"):
            tables += 1
            yield from _table(element, f"表格{tables}", document)
        elif element.tag == qn("w:p"):
            paragraphs += 1
            place = Place(sheet="正文", row=paragraphs)
            yield Line((clean(Paragraph(element, document._body).text),), place)


def _table(table: CT_Tbl, name: str, document: object) -> Iterator[Line]:
    for number, row in enumerate(table.tr_lst, start=1):
        yield Line(tuple(_cells(row, document)), Place(sheet=name, row=number))


def _cells(row: CT_Row, document: object) -> Iterator[str | None]:
    """Merged text once: a vertical continuation is None, a horizontal one is empty.

    python-docx's own `row.cells` would repeat the text in every cell that a merge spans.
    """
    for _ in range(row.grid_before):
        yield ""
    for tc in row.tc_lst:
        yield None if tc.vMerge == "continue" else _text(tc, document)
        for _ in range(tc.grid_span - 1):
            yield ""


def _text(tc: CT_Tc, document: object) -> str:
    return clean("\n".join(p.text for p in _Cell(tc, document).paragraphs))  # type: ignore[arg-type]
