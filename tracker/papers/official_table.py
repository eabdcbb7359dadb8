"""A table of an official paper: its head on every page, no row torn. Written as text: there may be
thousands of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple
from xml.sax.saxutils import escape

from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from tracker.papers.official_form import (
    BODY,
    BOTTOM,
    HEAD,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Figure,
    Words,
    clean,
    free_numbers,
)

TWIPS = 1440 / 25.4


class Column(NamedTuple):
    """A table's column; `width` is its share."""

    name: str
    width: int
    is_centred: bool = False


def table(
    paper: Docx, columns: Sequence[Column], rows: Iterable[Words], *, landscape: bool = False
) -> None:
    widths, numbers = _widths(columns, landscape), free_numbers(paper.element.body)
    heads = zip(columns, widths, strict=True)
    head = "".join(_cell(column.name, width, "center", numbers, HEAD) for column, width in heads)
    xml = [_form(widths), f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for row in rows:
        cells = "".join(
            _cell(part, width, "center" if column.is_centred else "left", numbers)
            for part, column, width in zip(row, columns, widths, strict=True)
        )
        xml.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    xml.append("</w:tbl>")
    paper.element.body.insert_element_before(parse_xml("".join(xml)), "w:sectPr")
    # Word wants a paragraph after a table; this one is too small to be seen.
    paper.add_paragraph(style="表格").paragraph_format.line_spacing = Pt(1)


def _widths(columns: Sequence[Column], landscape: bool) -> list[int]:
    room = (HEIGHT - TOP - BOTTOM) if landscape else (WIDTH - LEFT - RIGHT)
    whole = sum(column.width for column in columns)
    return [round(room * TWIPS * column.width / whole) for column in columns]


def _form(widths: Sequence[int]) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = 'w:val="single" w:sz="4" w:space="0" w:color="auto"'
    edges = "".join(f"<w:{side} {line}/>" for side in sides)
    inside = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{inside}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def _cell(part: str | Figure, width: int, side: str, numbers: count[int], font: str = BODY) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr><w:pStyle w:val="表格"/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:line="300" w:lineRule="exact"/><w:jc w:val="{side}"/></w:pPr>'
        f"{_run(part, font, numbers)}</w:p></w:tc>"
    )


def _run(part: str | Figure, font: str, numbers: count[int]) -> str:
    words = str(part.value) if isinstance(part, Figure) else part
    fonts = " ".join(f'w:{kind}="{font}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    run = (
        f"<w:r><w:rPr><w:rFonts {fonts}/></w:rPr>"
        f'<w:t xml:space="preserve">{escape(clean(words))}</w:t></w:r>'
    )
    if not isinstance(part, Figure):
        return run
    number = next(numbers)
    start = f'<w:bookmarkStart w:id="{number}" w:name="{part.mark}"/>'
    return f'{start}{run}<w:bookmarkEnd w:id="{number}"/>'
