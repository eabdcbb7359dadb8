"""Plain text: UTF-8 or GB18030, cells separated by tabs or standing one on a line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from tracker.notices.reading.lines import Line, Place, line_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What ends a line; a form feed is a page break of text that was copied out of a PDF.
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\u0085\u2028\u2029]")
LONGEST_QUOTED = 40


def decode(data: bytes) -> str:
    """By its mark, else UTF-8, else GB18030; charset guessers take 发改委 for Big5."""
    decoded = _by_mark(data)
    if "\x00" in decoded:
        raise UnicodeDecodeError("utf-8", data[:16], 0, 1, "binary")
    return decoded


def _by_mark(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def lines(decoded: str) -> list[Line]:
    return list(_lines(_LINE_ENDS.split(decoded)))


def _lines(rows: Sequence[str]) -> Iterator[Line]:
    number = 0
    while number < len(rows):
        taken = _quoted_rows(rows, number)
        yield _line("\n".join(rows[number : number + taken]), number + 1, is_quoted=taken > 1)
        number += taken


def _quoted_rows(rows: Sequence[str], begins: int) -> int:
    """How many lines a row takes: Excel puts a cell of several lines in quotation marks."""
    if not _is_open(rows[begins]):
        return 1
    for ends in range(begins + 1, min(begins + LONGEST_QUOTED, len(rows))):
        if rows[ends].count('"') % 2 == 1:
            return ends - begins + 1
    return 1


def _is_open(row: str) -> bool:
    return "\t" in row and row.rpartition("\t")[2].startswith('"') and row.count('"') % 2 == 1


def _line(row: str, number: int, *, is_quoted: bool) -> Line:
    # A lone indented cell is a cell of a stacked table, not a row with an empty first cell.
    indented = row.removeprefix("\t")
    cells = [row] if "\t" not in indented else row.split("\t")
    if is_quoted:
        cells = [_unquoted(cell) for cell in cells]
    return line_of(cells, Place(line=number))


def _unquoted(cell: str) -> str:
    is_whole = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if is_whole else cell
