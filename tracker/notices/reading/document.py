"""A whole document: its notices, their lists, and the measures as printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.notices.findings import Finding
from tracker.notices.reading.files import Unreadable, lines_of
from tracker.notices.reading.lines import Line, Place
from tracker.notices.reading.papers import Paper, issuer_of, papers
from tracker.notices.reading.remarks import fill_down, remarks, tell_apart
from tracker.notices.reading.rows import Row, Text
from tracker.notices.reading.tables import Table, tables
from tracker.notices.reading.words import (
    adoption_of,
    document_words,
    heading_pattern,
    squeeze,
)

NO_TABLE = (
    "没有找到任务分工表：表头须有“序号”“事项”和“责任单位”或“主要内容”等栏目。"
    "任务写在正文段落里的文件暂不能读取，请上传带表格的附件。"
)
NEAR = 6


@dataclass(frozen=True, kw_only=True)
class ReadMeasure:
    """One row, as printed. `units_seams` are the offsets where a page break cut the unit list."""

    no: str
    title: str
    content: str
    group: str
    section: str
    units_raw: str
    units_seams: tuple[int, ...]
    support_raw: str
    scope_raw: str
    note: str
    deadline: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class ReadList:
    notice: int
    heading: str
    adoption: str
    measures: tuple[ReadMeasure, ...]
    has_scope: bool
    first_leads: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadNotice:
    """A notice's head, and the words of its body without white space."""

    title: str
    doc_no: str
    issuer: str
    issued_on: date | None
    body: str

    @property
    def is_state(self) -> bool:
        return self.title.startswith(document_words("state"))


@dataclass(frozen=True, kw_only=True)
class Reading:
    notices: tuple[ReadNotice, ...]
    lists: tuple[ReadList, ...]
    findings: tuple[Finding, ...] = field(default=())


def read(data: bytes) -> Reading:
    """Read a document whole, or raise Unreadable with one sentence."""
    lines = lines_of(data)
    found = tables(lines)
    fill_down(found)
    tell_apart(found)
    if not found:
        raise Unreadable(NO_TABLE)
    heads = papers(lines)
    lists = tuple(_list(table, _owner(table, heads), lines) for table in found)
    notices = tuple(_notice(lines, head, found) for head in heads) or (_untitled(found),)
    return Reading(notices=notices, lists=lists, findings=tuple(remarks(found)))


def _owner(table: Table, heads: Sequence[Paper]) -> int:
    """The last notice that begins above the table."""
    return max((i for i, head in enumerate(heads) if head.begins <= table.begins), default=0)


def _notice(lines: Sequence[Line], head: Paper, found: Sequence[Table]) -> ReadNotice:
    inside = {i for table in found for i in range(table.begins, table.ends)}
    body = [lines[i].squeezed for i in range(head.begins, head.ends) if i not in inside]
    return ReadNotice(
        title=head.title,
        doc_no=head.doc_no,
        issuer=issuer_of(head.title),
        issued_on=head.issued_on,
        body="".join(body),
    )


def _untitled(found: Sequence[Table]) -> ReadNotice:
    """A table that came without its notice: known by its own title."""
    heading = found[0].heading.heading
    return ReadNotice(title=heading, doc_no="", issuer="", issued_on=None, body="")


def _list(table: Table, notice: int, lines: Sequence[Line]) -> ReadList:
    heading = table.heading.heading
    return ReadList(
        notice=notice,
        heading=heading,
        adoption=adoption_of(heading),
        measures=tuple(_measure(row) for row in table.rows),
        has_scope="scope" in table.columns,
        first_leads=_says_first_leads(table, lines),
    )


def _says_first_leads(table: Table, lines: Sequence[Line]) -> bool:
    """责任单位排在第一位的为牵头单位: said in the header, or close above or below the table."""
    near = [lines[table.begins], *lines[max(0, table.begins - NEAR) : table.begins]]
    near.extend(lines[table.ends : table.ends + NEAR])
    return any(heading_pattern("first_leads").search(line.squeezed) for line in near)


def _measure(row: Row) -> ReadMeasure:
    units = row.cells.get("units", Text())
    own = "；".join(filter(None, (units.value, row.text("more_units"))))
    heading = squeeze(row.section.heading) if row.section else ""
    return ReadMeasure(
        no=row.no,
        title=_flat(row.text("title")),
        content=row.text("content"),
        group=squeeze(row.text("group")) or heading,
        section=_section(row, heading),
        units_raw=own or row.units_above,
        units_seams=tuple(units.seams),
        support_raw=row.text("support"),
        scope_raw=" ".join(row.text("scope").split("\n")),
        note=_flat(row.text("note")),
        deadline=_flat(row.text("deadline")),
        place=row.place,
    )


def _section(row: Row, heading: str) -> str:
    """The heading above the group: the table's own, where a column already gives the group."""
    if row.text("group"):
        return heading
    return squeeze(row.above.heading) if row.above else ""


def _flat(text: str) -> str:
    return "".join(text.split("\n"))
