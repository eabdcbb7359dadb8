"""What a table shows to be wrong by itself, before any name is looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from tracker.notices.findings import Finding
from tracker.notices.reading.rows import Row, Text
from tracker.notices.reading.tables import Table
from tracker.notices.reading.words import label

AROUND_A_SEAM = 8
MOST_SHOWN = 20
SHOWN = 40


def remarks(found: Sequence[Table]) -> Iterator[Finding]:
    """All findings at once, table by table."""
    for index, table in enumerate(found):
        for finding in table.findings:
            yield _in_list(finding, index)
        yield from _counts(table, index)
        yield from _numbers(table, index)
        for row in table.rows:
            yield from _joins(row, index)
            yield from _empty_cells(row, table, index)


def tell_apart(found: Sequence[Table]) -> None:
    """A number printed twice in a list: the later row gets one of its own, and a remark."""
    for table in found:
        counted = Counter(row.no for row in table.rows)
        seen: Counter[str] = Counter()
        for row in table.rows:
            no = row.no
            seen[no] += 1
            if counted[no] > 1:
                row.no = no if seen[no] == 1 else f"{no}重{seen[no]}"
                message = f"序号{no}在本表出现{counted[no]}次，这一行记为“{row.no}”，请核对原文。"
                table.findings.append(
                    Finding(code="number-doubled", message=message, place=row.place, no=row.no)
                )


def fill_down(found: Sequence[Table]) -> None:
    """Empty cells of a merged column take what stands above; only groups and units may."""
    for table in found:
        if "group" in table.columns:
            _fill_groups(table.rows)
            _fill_units(table.rows)


def _fill_groups(rows: Sequence[Row]) -> None:
    for above, row in pairwise(rows):
        if not row.text("group") and row.section is above.section:
            row.cells["group"] = Text(above.text("group"))


def _fill_units(rows: Sequence[Row]) -> None:
    for above, row in pairwise(rows):
        if not row.text("units") and row.text("group") == above.text("group"):
            row.cells["units"] = Text(above.text("units"))
            row.inherited = (*row.inherited, "units")


def _in_list(finding: Finding, index: int) -> Finding:
    return Finding(
        code=finding.code,
        message=finding.message,
        place=finding.place,
        list=index,
        no=finding.no,
        column=finding.column,
    )


def _counts(table: Table, index: int) -> Iterator[Finding]:
    for section in (table.heading, *table.sections):
        if section.announced is not None and section.announced != section.rows:
            yield Finding(
                code="heading-count",
                message=f"标题“{section.heading}”写明{section.announced}项，"
                f"表中实有{section.rows}项。",
                place=section.place,
                list=index,
            )


def _numbers(table: Table, index: int) -> Iterator[Finding]:
    known = sorted({int(row.no) for row in table.rows if row.no.isdecimal()} - {0})
    count = known[-1] - len(known) if known else 0
    if count > 0:
        # Only the first are made: one misprinted number may leave out millions.
        missing = (no for a, b in pairwise([0, *known]) for no in range(a + 1, b))
        shown = "、".join(map(str, islice(missing, MOST_SHOWN)))
        more = f"等{count}个" if count > MOST_SHOWN else ""
        message = f"序号不连续，缺少{shown}{more}，请核对原文是否删减。"
        yield Finding(
            code="number-missing",
            message=message,
            place=table.heading.place,
            list=index,
        )


def _joins(row: Row, index: int) -> Iterator[Finding]:
    columns = [label(role) for role, _ in row.seamed()]
    if columns:
        samples = "；".join(f"“{_around(cell)}”" for _, cell in row.seamed())
        yield Finding(
            code="page-join",
            message=f"这一行被分页截断，已按顺序接合{'、'.join(columns)}：{samples}。",
            place=row.place,
            list=index,
            no=row.no,
            column="、".join(columns),
        )


def _around(cell: Text) -> str:
    seam = cell.seams[0]
    before, after = cell.value[max(0, seam - AROUND_A_SEAM) : seam], cell.value[seam:]
    return f"{before}｜{after[:AROUND_A_SEAM]}"


def _empty_cells(row: Row, table: Table, index: int) -> Iterator[Finding]:
    for role in ("title", "units", "scope"):
        if role == "scope" and role not in table.columns:
            continue  # what the notice says for all of them is looked for later
        said = _said_of(row, role)
        if said:
            yield Finding(
                code=said[0],
                message=said[1],
                place=row.place,
                list=index,
                no=row.no,
                column=label(role),
            )


def _said_of(row: Row, role: str) -> tuple[str, str] | None:
    """What there is to say of a cell that has no text of its own, as a code and a sentence."""
    text = row.text(role)
    if role == "units" and "units" in row.inherited and text:
        sentence = f"责任单位为空，按合并单元格沿用上一行的“{text[:SHOWN]}”。"
        return "cell-inherited", sentence
    if text or (role == "units" and (row.units_above or row.text("more_units"))):
        return None
    return "empty-cell", f"“{label(role)}”一格是空的，请核对原文。"
