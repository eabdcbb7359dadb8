"""Plain text: UTF-8 or GB18030, cells separated by tabs or standing one on a line."""

from __future__ import annotations

import codecs

from tracker.notices.reading.lines import Line, Place, line_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """By its mark, else UTF-8, else GB18030; charset guessers take 发改委 for Big5."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError:
        decoded = data.decode("gb18030")
    if "\x00" in decoded:
        raise UnicodeDecodeError("utf-8", data[:16], 0, 1, "binary")
    return decoded


def lines(decoded: str) -> list[Line]:
    rows = decoded.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_line(row, number) for number, row in enumerate(rows, start=1)]


def _line(row: str, number: int) -> Line:
    place = Place(line=number)
    # A lone indented cell is a cell of a stacked table, not a row with an empty first cell.
    indented = row.removeprefix("\t")
    return line_of([row] if "\t" not in indented else row.split("\t"), place)
