"""A table as .xlsx, written straight into its archive. Pure.

Text is written as text, never as a formula or a link, whatever it begins with. A library takes
ten times as long, and a morning has hundreds of these.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape

MARKED = re.compile('[&<>"\x00-\x1f\ufffe\uffff\ud800-\udfff]')
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767
AT_ONCE = 1_000
DAY_ZERO = date(1899, 12, 30).toordinal()  # days are numbers to Excel, counted from here
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # the same rows are the same bytes

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>
</Relationships>""",
    "xl/styles.xml": f"""<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>
<font><b/><sz val="11"/><name val="宋体"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf fontId="0"/><xf fontId="1" applyFont="1"/>
<xf numFmtId="164" fontId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}


def workbook(name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet; `columns` are headings with their widths in characters."""
    file = io.BytesIO()
    write(file, name, columns, rows)
    return file.getvalue()


def write(
    file: IO[bytes],
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
) -> None:
    """The same, row by row: the memory it takes does not grow with the rows."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path, content in _FIXED.items():
            archive.writestr(_entry(path), _HEAD + content)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            last = 1
            for piece in _sheet(columns, rows):
                sheet.write(piece.words.encode())
                last = piece.last
        archive.writestr(_entry("xl/workbook.xml"), _HEAD + _book(name, len(columns), last))


class Piece(NamedTuple):
    """Of a sheet, with the number of its last row so far."""

    words: str
    last: int


def _entry(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, WRITTEN_AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = 1  # type: ignore[attr-defined]  # noqa: SLF001  else the archive's is lost
    return info


def _book(name: str, width: int, last: int) -> str:
    """Its head is printed on every page, and every column can be filtered."""
    sheet = _text(name)[:31]
    quoted = "'" + sheet.replace("'", "''") + "'"
    whole = f"{quoted}!$A$1:${column_name(width)}${last}"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets><definedNames>'
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{whole}'
        f'</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">{quoted}!$1:$1'
        "</definedName></definedNames></workbook>"
    )


def column_name(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sheet(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> Iterator[Piece]:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(columns, start=1)
    )
    head = "".join(_cell(heading, style=' s="1"') for heading, _ in columns)
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    start = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{head}</row>"
    )
    yield Piece(start, 1)
    last, waiting = 1, iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        last += len(some)
        yield Piece("".join([f"<row>{''.join(map(_cell, row))}</row>" for row in some]), last)
    end = (
        f'</sheetData><autoFilter ref="A1:{column_name(len(columns))}{last}"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter></worksheet>"
    )
    yield Piece(end, last)


def _cell(value: Any, style: str = "") -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c{style} t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f"<c{style}><v>{value!r}</v></c>"
    if isinstance(value, date):
        return f'<c s="2"><v>{value.toordinal() - DAY_ZERO}</v></c>'
    text = _text(str(value)[:LONGEST_CELL])
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _text(value: str) -> str:
    """Most cells hold nothing that has to be escaped: one look tells."""
    if MARKED.search(value) is None:
        return value
    return escape(FORBIDDEN.sub("\ufffd", value), {'"': "&quot;"})
