"""Lays a reading out again as paragraphs and tables, with the traps that real files set.

Headings are merged over the whole width, headers come again on every page, a row may be cut by a
page break in the middle of its text, equal cells below one another are merged into one, and two
columns are blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.notices.ground import bare
from tracker.notices.reading.document import Reading, ReadList, ReadMeasure

ROWS_ON_A_PAGE = 5
HEADER = {
    "no": "序号",
    "title": "改革\n事项",
    "": "",
    "content": "主 要 内 容",
    "units": "牵头\n单位",
    "scope": "推广范围",
    "note": "备注",
    "end": "",
}


@dataclass
class Cell:
    """A cell; a merged one says how many rows it is high, and those below it are None."""

    text: str
    high: int = 1
    wide: int = 1


Cells = list[Cell | None]


@dataclass
class Page:
    """A table's part on one page."""

    rows: list[Cells] = field(default_factory=list)


@dataclass
class Layout:
    """One list with the words above it and below it."""

    above: list[str]
    pages: list[Page]
    below: list[str]


def laid_out(reading: Reading) -> list[Layout]:
    """A layout for each list, the notices' own words divided among them."""
    layouts = []
    for at, listed in enumerate(reading.lists):
        before, after = _around(reading, at)
        title = [listed.heading] if listed.heading[0] in "一二" else _halves(listed.heading)
        layouts.append(Layout([*before, *title], _pages(listed), after))
    return layouts


def _around(reading: Reading, at: int) -> tuple[list[str], list[str]]:
    """The paragraphs between this list's heading and the one before, and those after the last."""
    listed = reading.lists[at]
    notice = reading.notices[listed.notice]
    own = [each for each in reading.lists if each.notice == listed.notice]
    body, pieces = notice.body, []
    for each in reversed(own):
        body, heading, after = body.rpartition(each.heading)
        pieces.insert(0, (each, after if heading else ""))
    index = own.index(listed)
    before = body if index == 0 else pieces[index - 1][1]
    after = pieces[-1][1] if listed is own[-1] else ""
    marks = [notice.title, notice.doc_no, _day(reading, at)] if notice.body else []
    above = _cut(before, marks) if notice.body else ["附件"]
    return above, [after] if after else []


def _day(reading: Reading, at: int) -> str:
    day = reading.notices[reading.lists[at].notice].issued_on
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _cut(text: str, marks: Sequence[str]) -> list[str]:
    """The text in paragraphs, each mark in paragraphs of its own; a title is cut in two."""
    paragraphs: list[str] = []
    rest = text
    for mark in sorted((mark for mark in marks if mark and mark in text), key=text.find):
        before, _, rest = rest.partition(mark)
        if before == "**":  # a mark of bold print stands in the title's own line
            before, mark = "", before + mark  # noqa: PLW2901
        paragraphs.extend([before, *(_halves(mark) if len(mark) > 20 else [mark])])
    paragraphs.append(rest)
    return [paragraph for paragraph in paragraphs if paragraph]


def _halves(text: str) -> list[str]:
    return [text[: len(text) // 2], text[len(text) // 2 :]]


def _pages(listed: ReadList) -> list[Page]:
    columns = _columns(listed)
    pages: list[Page] = []
    group = ""
    for at, measure in enumerate(listed.measures):
        if at % ROWS_ON_A_PAGE == 0:
            pages.append(Page([_header(columns)]))
        if measure.group != group:
            group = measure.group
            pages[-1].rows.append([Cell(group, wide=len(columns))])
        halves = _cut_row(measure, at)
        pages[-1].rows.append(_row(halves[0], columns))
        if len(halves) > 1 and measure is not listed.measures[-1]:
            pages.append(Page([_header(columns), _row(halves[1], columns)]))
        elif len(halves) > 1:
            pages[-1].rows.append(_row(halves[1], columns))
    for page in pages:
        _merge_down(page, columns)
    return pages


def _columns(listed: ReadList) -> list[str]:
    columns = list(HEADER)
    if not listed.has_scope:
        columns.remove("scope")
    if not any(measure.note for measure in listed.measures):
        columns.remove("note")
    return columns


def _header(columns: Sequence[str]) -> Cells:
    return [Cell(HEADER[column]) for column in columns]


def _row(said: dict[str, str], columns: Sequence[str]) -> Cells:
    return [Cell(said.get(column, "")) for column in columns]


def _cut_row(measure: ReadMeasure, at: int) -> list[dict[str, str]]:
    """A row in one piece, or in two: where the source cuts it, and in every seventh."""
    whole = {
        "no": measure.no,
        "title": measure.title,
        "content": measure.content,
        "units": measure.units_raw,
        "scope": measure.scope_raw,
        "note": measure.note,
    }
    if at % 7 != 3 and not measure.units_seams:
        return [whole]
    seam = measure.units_seams[0] if measure.units_seams else len(measure.units_raw)
    middle = len(measure.content) // 2
    first = {**whole, "units": whole["units"][:seam], "content": whole["content"][:middle]}
    return [first, {"units": whole["units"][seam:], "content": whole["content"][middle:]}]


def _merge_down(page: Page, columns: Sequence[str]) -> None:
    """Equal units, scopes and notes below one another become one cell."""
    for column, name in enumerate(columns):
        if name in ("units", "scope", "note"):
            _merge_column(page.rows, column)


def _merge_column(rows: Sequence[Cells], column: int) -> None:
    top: Cell | None = None
    for row in rows[1:]:
        cell = row[column] if len(row) > column and row[0] and row[0].text else None
        is_same = cell and top and cell.text and bare(cell.text) == bare(top.text)
        if is_same and top:
            top.high += 1
            row[column] = None
        else:
            top = cell


def all_rows(layout: Layout) -> Iterator[Cells]:
    for page in layout.pages:
        yield from page.rows
