"""Word documents (.docx): paragraphs and tables in the order they stand."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tc
from lxml.etree import _Element

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.words import clean

# What only wraps: content controls, insertions under review, tags. Their inside is the document's.
_WRAPPERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag", "w:customXml")
)
# What is no text of the paragraph: deletions, and boxes, which Word writes down twice.
_LEFT_OUT = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:txbxContent", "w:pPr", "w:rPr")
)
_MARKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
_TABLE, _ROW, _CELL, _PARAGRAPH = (qn(name) for name in ("w:tbl", "w:tr", "w:tc", "w:p"))
_TEXT, _NUMBERED = qn("w:t"), qn("w:numPr")


def lines(data: bytes) -> list[Line]:
    return list(_Walk().over(Document(io.BytesIO(data)).element.body))


def _children(element: _Element, *tags: str) -> Iterator[_Element]:
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, *tags)


class _Walk:
    """Counts tables, paragraphs, and the numbers that Word shows but does not write down."""

    def __init__(self) -> None:
        self._tables = 0
        self._paragraphs = 0
        self._numbers: Counter[str] = Counter()

    def over(self, body: _Element) -> Iterator[Line]:
        for element in _children(body, _TABLE, _PARAGRAPH):
            if element.tag == _TABLE:
                self._tables += 1
                yield from self._table(element, f"表格{self._tables}")
            else:
                self._paragraphs += 1
                yield Line((clean(_text(element)),), Place(sheet="正文", row=self._paragraphs))

    def _table(self, table: _Element, name: str) -> Iterator[Line]:
        rows = (row for row in _children(table, _ROW) if isinstance(row, CT_Row))
        for number, row in enumerate(rows, start=1):
            yield Line(tuple(self._cells(row)), Place(sheet=name, row=number))

    def _cells(self, row: CT_Row) -> Iterator[str | None]:
        """Merged text once: a vertical continuation is None, a horizontal one is empty.

        python-docx's own `row.cells` would repeat the text in every cell that a merge spans.
        """
        yield from [""] * row.grid_before
        for tc in (cell for cell in _children(row, _CELL) if isinstance(cell, CT_Tc)):
            yield None if tc.vMerge == "continue" else self._cell(tc)
            yield from [""] * (tc.grid_span - 1)

    def _cell(self, tc: CT_Tc) -> str:
        paragraphs = list(_paragraphs(tc))
        text = clean("\n".join(_text(paragraph) for paragraph in paragraphs))
        return text or self._number(paragraphs)

    def _number(self, paragraphs: list[_Element]) -> str:
        """The number of an empty cell that Word numbers by itself."""
        for paragraph in paragraphs:
            for numbered in paragraph.iter(_NUMBERED):
                which = numbered.find(qn("w:numId"))
                key = "" if which is None else which.get(qn("w:val"), "")
                self._numbers[key] += 1
                return str(self._numbers[key])
        return ""


def _paragraphs(tc: _Element) -> Iterator[_Element]:
    """A cell's paragraphs, those of a table inside it included."""
    for element in _children(tc, _PARAGRAPH, _TABLE, _ROW, _CELL):
        if element.tag == _PARAGRAPH:
            yield element
        else:
            yield from _paragraphs(element)


def _text(element: _Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag not in _LEFT_OUT:
            yield from _pieces(child)
