"""Web pages (.html): paragraphs and tables in the order they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.words import clean

_TAGS = re.compile(r"<(?:!doctype html|html|body|table|div|meta)\b", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "section",
    "article",
    "center",
}
_SILENT = ("script", "style", "head", "noscript", "template")
WIDEST_SPAN = 64
TALLEST_SPAN = 2_000


def looks_like(decoded: str) -> bool:
    return bool(_TAGS.search(decoded[:4096]))


def lines(decoded: str) -> list[Line]:
    tree = html.document_fromstring(_DECLARED.sub("", decoded))
    for silent in list(tree.iter(*_SILENT)):
        if silent.getparent() is not None:
            silent.drop_tree()
    return list(_Walk().over(tree))


class _Walk:
    """Collects loose text into paragraphs and hands tables on whole."""

    def __init__(self) -> None:
        self._loose: list[str] = []
        self._paragraphs = 0
        self._tables = 0

    def over(self, root: html.HtmlElement) -> Iterator[Line]:
        yield from self._visit(root)
        yield from self._flush()

    def _visit(self, element: html.HtmlElement) -> Iterator[Line]:
        if not isinstance(element.tag, str):
            return
        if element.tag == "table":
            yield from self._flush()
            self._tables += 1
            yield from _table(element, f"表格{self._tables}")
            return
        breaks = element.tag in _BLOCKS or element.tag == "br"
        if breaks:
            yield from self._flush()
        self._loose.append(element.text or "")
        for child in element:
            yield from self._visit(child)
            self._loose.append(child.tail or "")
        if breaks:
            yield from self._flush()

    def _flush(self) -> Iterator[Line]:
        text = clean(" ".join("".join(self._loose).split()))
        self._loose.clear()
        if text:
            self._paragraphs += 1
            yield Line((text,), Place(sheet="正文", row=self._paragraphs))


def _table(table: html.HtmlElement, name: str) -> Iterator[Line]:
    hanging: dict[int, int] = {}
    rows = table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")
    for number, row in enumerate(rows, start=1):
        yield Line(tuple(_cells(row, hanging)), Place(sheet=name, row=number))


def _cells(row: html.HtmlElement, hanging: dict[int, int]) -> list[str | None]:
    """The row's cells; `hanging` holds how many more rows a cell above reaches down."""
    cells: list[str | None] = []
    for cell in row.xpath("./td|./th"):
        _fill_from_above(cells, hanging)
        depth = _span(cell, "rowspan", TALLEST_SPAN)
        if depth > 1:
            hanging[len(cells)] = depth - 1
        cells.append(_text(cell))
        cells.extend([""] * (_span(cell, "colspan", WIDEST_SPAN) - 1))
    _fill_from_above(cells, hanging)
    return cells


def _fill_from_above(cells: list[str | None], hanging: dict[int, int]) -> None:
    while hanging.get(len(cells), 0):
        hanging[len(cells)] -= 1
        cells.append(None)


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), most) if given.isdigit() else 1


def _text(cell: html.HtmlElement) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return clean(
        "\n".join(" ".join(part.split()) for part in cell.text_content().split("\n"))
    )
