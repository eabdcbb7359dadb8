"""What a table shows to be wrong by itself, before any name is looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tracker.notices.findings import Finding
from tracker.notices.reading.rows import Row, Text
from tracker.notices.reading.tables import Table
from tracker.notices.reading.words import label

AROUND_A_SEAM = 8


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


def fill_down(found: Sequence[Table]) -> None:
    """Empty cells of a merged column take what stands above; only groups and units may."""
    for table in found:
        if "group" in table.columns:
            _fill_groups(table.rows)
            _fill_units(table.rows)


def _fill_groups(rows: Sequence[Row]) -> None:
    for above, row in zip(rows, rows[1:], strict=False):
        if not row.text("group") and row.section is above.section:
            row.cells["group"] = Text(above.text("group"))


def _fill_units(rows: Sequence[Row]) -> None:
    for above, row in zip(rows, rows[1:], strict=False):
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
    counted = Counter(row.no for row in table.rows)
    for row in table.rows:
        if counted[row.no] > 1:
            message = f"序号{row.no}在本表出现{counted[row.no]}次。"
            yield Finding(
                code="number-doubled",
                message=message,
                place=row.place,
                list=index,
                no=row.no,
            )
    known = sorted(int(no) for no in counted if no.isdecimal())
    missing = sorted(set(range(1, known[-1] + 1)) - set(known)) if known else []
    if missing and len(missing) <= len(table.rows) + 20:
        shown = "、".join(map(str, missing))
        message = f"序号不连续，缺少{shown}，请核对原文是否删减。"
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
        if role not in table.columns:
            continue
        if role == "units" and "units" in row.inherited:
            message = (
                f"责任单位为空，按合并单元格沿用上一行的“{row.text('units')[:40]}”。"
            )
            code = "cell-inherited"
        elif row.text(role):
            continue
        else:
            message, code = f"“{label(role)}”一格是空的，请核对原文。", "empty-cell"
        yield Finding(
            code=code,
            message=message,
            place=row.place,
            list=index,
            no=row.no,
            column=label(role),
        )
