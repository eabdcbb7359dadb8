"""Whole tables: parts on several pages are put together, and each list gets its heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.notices.findings import Finding
from tracker.notices.reading import stacked, tabular
from tracker.notices.reading.header import header_at
from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.rows import Row, Section, is_furniture, is_heading
from tracker.notices.reading.tabular import Chunk
from tracker.notices.reading.words import heading_pattern, squeeze

LONGEST_HEADING = 60
MOST_HEADING_LINES = 4


@dataclass(kw_only=True)
class Table:
    """One numbered list of a document."""

    heading: Section
    begins: int
    ends: int
    columns: tuple[str | None, ...]
    rows: list[Row]
    sections: list[Section]
    findings: list[Finding]


def tables(lines: Sequence[Line]) -> list[Table]:
    """Every division table of the document, in order."""
    found: list[Table] = []
    chunk: Chunk | None = None
    index = 0
    while index < len(lines):
        header = header_at(lines, index) if not lines[index].is_blank else None
        if header is None:
            index += 1
            continue
        on_page_before = (
            chunk if found and chunk and not _heading(lines, chunk.ends, index) else None
        )
        if header.is_stacked:
            chunk = stacked.chunk_at(lines, index, header, on_page_before)
        else:
            chunk = tabular.chunk_at(lines, index, header, on_page_before)
        _add(found, chunk, lines)
        index = max(chunk.ends, index + 1)
    return [part for table in found if table.rows for part in parts(table)]


def _add(found: list[Table], chunk: Chunk, lines: Sequence[Line]) -> None:
    after = found[-1].ends if found else 0
    heading = _heading(lines, after, chunk.begins)
    if found and heading is None and _continues(found[-1], chunk):
        _extend(found[-1], chunk)
        return
    place = lines[chunk.begins].place
    table = Table(
        heading=heading or Section(heading="", place=place),
        begins=chunk.begins,
        ends=chunk.ends,
        columns=chunk.header.columns,
        rows=chunk.rows,
        sections=chunk.sections,
        findings=[*_unknown_columns(chunk, place), *chunk.findings],
    )
    found.append(table)


def _continues(table: Table, chunk: Chunk) -> bool:
    """The same columns again, and numbers that go on: the table runs over a page break."""
    if table.columns != chunk.header.columns:
        return False
    first = chunk.rows[0].no if chunk.rows else ""
    return not (first == "1" and any(row.no == "1" for row in table.rows))


def _extend(table: Table, chunk: Chunk) -> None:
    table.rows.extend(chunk.rows)
    table.sections.extend(chunk.sections)
    table.findings.extend(chunk.findings)
    table.ends = chunk.ends


def parts(table: Table) -> list[Table]:
    """A list for each heading below which the numbers begin anew; else the table as it stands."""
    begins = [i for i, row in enumerate(table.rows) if _restarts(table.rows, i)]
    ends = [*begins[1:], len(table.rows)]
    if len(begins) < 2:  # noqa: PLR2004
        return [_counted(table)]
    return [
        _part(table, table.rows[begin:end], findings=table.findings if begin == 0 else [])
        for begin, end in zip([0, *begins[1:]], ends, strict=True)
    ]


def _restarts(rows: Sequence[Row], index: int) -> bool:
    row = rows[index]
    is_new = index == 0 or row.section is not rows[index - 1].section
    return row.no == "1" and row.section is not None and is_new


def _part(table: Table, rows: list[Row], *, findings: list[Finding]) -> Table:
    own = [section for section in table.sections if any(row.section is section for row in rows)]
    heading = replace(own[0]) if own else replace(table.heading)
    return _counted(replace(table, heading=heading, rows=rows, sections=own[1:], findings=findings))


def _counted(table: Table) -> Table:
    if not table.heading.heading and table.rows[0].section:
        table.heading.heading = table.rows[0].section.heading
    table.heading.rows = len(table.rows)
    return table


def _heading(lines: Sequence[Line], after: int, header: int) -> Section | None:
    """The title that stands right above a header: a numbered heading, or up to four lines."""
    taken: list[Line] = []
    for line in reversed(lines[after:header]):
        if line.is_blank or is_furniture(line.squeezed):
            continue
        if len(line.filled) > 1 or heading_pattern("stop").search(line.squeezed):
            break
        if line.place.sheet not in (lines[header].place.sheet, "正文"):
            break  # the last words of another sheet
        if is_heading(line.squeezed):
            return Section(heading=line.squeezed, place=line.place) if not taken else _title(taken)
        if len(line.squeezed) > LONGEST_HEADING or len(taken) == MOST_HEADING_LINES:
            break
        taken.insert(0, line)
    return _title(taken) if taken else None


def _title(taken: list[Line]) -> Section:
    text = squeeze("".join(line.squeezed for line in taken)).strip("*")
    return Section(heading=text, place=taken[0].place)


def _unknown_columns(chunk: Chunk, place: Place) -> list[Finding]:
    return [
        Finding(
            code="column-unknown",
            message=f"表头“{word}”不在已知的栏目用语之内，这一列没有读入。",
            place=place,
        )
        for word in chunk.header.unknown
    ]
