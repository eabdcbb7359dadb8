"""Web pages (.html): paragraphs and tables in the order they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.words import clean

_TAGS = re.compile(r"<(?:!doctype\s+html|html|body|table|tr|td)\b", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_SILENT = ("script", "style", "head", "noscript", "template")
# Inside a cell these begin a line of their own, as they do outside.
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol section article center table thead tbody tr td th".split()
)
WIDEST_SPAN = 64
TALLEST_SPAN = 2_000

Cell = str | None


def looks_like(decoded: str) -> bool:
    return bool(_TAGS.search(decoded))


def lines(decoded: str) -> list[Line]:
    tree = html.document_fromstring(_DECLARED.sub("", decoded))
    for silent in list(tree.iter(*_SILENT)):
        if isinstance(silent, html.HtmlElement) and silent.getparent() is not None:
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
        if element.tag == "table" and not _is_layout(element):
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


def _is_layout(table: html.HtmlElement) -> bool:
    """A table around tables only arranges the page."""
    return next(table.iterdescendants("table"), None) is not None


def _table(table: html.HtmlElement, name: str) -> Iterator[Line]:
    hanging: dict[int, tuple[int, int]] = {}
    rows = table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")
    for number, row in enumerate(rows, start=1):
        yield Line(tuple(_cells(row, hanging)), Place(sheet=name, row=number))


def _cells(row: html.HtmlElement, hanging: dict[int, tuple[int, int]]) -> list[Cell]:
    """The row's cells; `hanging` holds how far a cell above still reaches down, and its width."""
    cells: list[Cell] = []
    for cell in row.xpath("./td|./th"):
        _fill_from_above(cells, hanging)
        depth, width = _span(cell, "rowspan", TALLEST_SPAN), _span(cell, "colspan", WIDEST_SPAN)
        if depth > 1:
            hanging[len(cells)] = depth - 1, width
        cells.extend([_text(cell), *[""] * (width - 1)])
    _fill_from_above(cells, hanging)
    return cells


def _fill_from_above(cells: list[Cell], hanging: dict[int, tuple[int, int]]) -> None:
    while hanging.get(len(cells), (0, 0))[0]:
        rows, width = hanging[len(cells)]
        hanging[len(cells)] = rows - 1, width
        cells.extend([None, *[""] * (width - 1)])


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    given = cell.get(name, "1").strip()[:9]
    return min(max(int(given), 1), most) if given.isdecimal() else 1


def _text(cell: html.HtmlElement) -> str:
    """A cell's text: only <br> and paragraphs break its lines, the page's own source does not."""
    said = "".join(_pieces(cell)).split("\n")
    return clean("\n".join(line for line in (" ".join(part.split()) for part in said) if line))


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    yield _unbroken(element.text)
    for child in element:
        if isinstance(child.tag, str):
            ends = "\n" if child.tag in _BLOCKS or child.tag == "br" else ""
            yield ends
            yield from _pieces(child)
            yield ends
        yield _unbroken(child.tail)


def _unbroken(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
