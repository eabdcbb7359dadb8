"""`tracker export`: tables as files, streamed row by row."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from tracker.tasks import queries as tasks

Record = Mapping[str, Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export(table: str, form: str, out: Path | None) -> None:
    """Write a table whole; a file appears only when it is finished."""
    columns, rows = TABLES[table]
    if form == "xlsx" and out is not None:
        _write_workbook(columns, rows(), out)
        return
    writer = _write_json if form == "json" else _write_csv
    if out is None:
        writer(columns, rows(), sys.stdout)
        return
    with _finished_file(out) as file:
        writer(columns, rows(), file)


def _tasks() -> Iterator[Record]:
    for row in tasks.every_task():
        yield {
            "notice": row.doc_no or row.short_title,
            "list": row.list,
            "no": row.no,
            "title": row.title,
            "unit": row.unit,
            "printed": row.printed,
            "role": row.role,
            "first": row.role == "lead" and row.position == 1,
            "city": row.city or "",
            "adoption": row.adoption,
            "state": row.state,
            "deployed": row.is_deployed,
        }


_TASK_COLUMNS = (
    "notice",
    "list",
    "no",
    "title",
    "unit",
    "printed",
    "role",
    "first",
    "city",
    "adoption",
    "state",
    "deployed",
)

TABLES: Mapping[str, tuple[Sequence[str], Callable[[], Iterable[Record]]]] = {
    "tasks": (_TASK_COLUMNS, _tasks),
}


def _write_json(columns: Sequence[str], rows: Iterable[Record], file: TextIO) -> None:
    file.write("[")
    for number, row in enumerate(rows):
        file.write(",\n " if number else "\n ")
        file.write(json.dumps(row, ensure_ascii=False))
    file.write("\n]\n")


def _write_csv(columns: Sequence[str], rows: Iterable[Record], file: TextIO) -> None:
    # Excel takes a file without this mark for the local code page.
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(row[column]) for column in columns] for row in rows)


def _write_workbook(columns: Sequence[str], rows: Iterable[Record], out: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row[column] for column in columns])
    out.write_bytes(buffer.getvalue())


def _harmless(value: Any) -> Any:
    """Text from a document must not start a formula when Excel opens the file."""
    starts = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if starts else value


@contextmanager
def _finished_file(out: Path) -> Iterator[TextIO]:
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(temporary, out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
