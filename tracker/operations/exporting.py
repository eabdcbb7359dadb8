"""`tracker export`: tables as files, streamed row by row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from tracker.clock import SHANGHAI, today
from tracker.delivery import queries as delivery
from tracker.operations import exporting_supervision as supervision
from tracker.operations.finishing import finished_file
from tracker.papers import ledger, plain, workbook
from tracker.registry.queries import workdays
from tracker.supervision import evaluations
from tracker.supervision.knowing import as_of
from tracker.supervision.ledger import entries
from tracker.supervision.scoring import NAMES, PARTS
from tracker.tasks import queries as tasks
from tracker.tasks.picking import EVERYTHING

Record = Mapping[str, Any]
LEDGER, WIDTH = "ledger", 18


class Refused(Exception):
    """The table cannot be written where it was asked for; the message says why."""


def export(table: str, form: str, out: Path | None, *, on: date | None = None) -> None:
    """Write a table whole, some as of a day; a file appears only when it is finished."""
    columns, rows = TABLES[table]
    if out is None:
        _WRITERS[form](columns, rows(on), sys.stdout)
        return
    try:
        with finished_file(out) as temporary:
            _write_file(table, form, columns, rows(on), temporary)
    except OSError as error:
        raise Refused(f"无法写入 {out}，请核对文件夹是否存在、是否可写。") from error


def _write_file(
    table: str, form: str, columns: Sequence[str], rows: Iterable[Record], file: Path
) -> None:
    if form == "xlsx":
        _write_workbook(table, columns, rows, file)
        return
    with file.open("w", encoding="utf-8", newline="") as opened:
        _WRITERS[form](columns, rows, opened)


def _tasks(_on: date | None) -> Iterator[Record]:
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


def _messages(_on: date | None) -> Iterator[Record]:
    """Who was told what and how it fared; never the text."""
    for row in delivery.every_message():
        yield {
            "id": row.id,
            "day": row.day.isoformat(),
            "kind": row.kind,
            "about": row.about,
            "subject": row.subject,
            "unit": row.unit,
            "person": row.person or "",
            "robot": row.robot or "",
            "channel": row.channel,
            "address": row.address,
            "state": row.state,
            "tries": row.tries,
            "doubtful": row.is_doubtful,
            "message_id": row.message_id,
            "created_at": _moment(row.created_at),
            "sent_at": _moment(row.sent_at),
            "read_at": _moment(row.read_at),
        }


def _moment(at: datetime | None) -> str:
    """In Shanghai time; SQLite hands moments back without a zone."""
    if at is None:
        return ""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(SHANGHAI).isoformat()


_MESSAGE_COLUMNS = (
    "id",
    "day",
    "kind",
    "about",
    "subject",
    "unit",
    "person",
    "robot",
    "channel",
    "address",
    "state",
    "tries",
    "doubtful",
    "message_id",
    "created_at",
    "sent_at",
    "read_at",
)


def _evaluation(on: date | None) -> Iterator[Record]:
    """Frozen evaluations: all of them, or those as of the day."""
    for evaluation, office, row in evaluations.every_row(as_of=on):
        score = None if row.score is None else row.score / 10
        yield {
            "office": office,
            "period": evaluation.period,
            "as_of": evaluation.as_of.isoformat(),
            "unit": row.unit,
            "role": row.role,
            "score": score,
            **asdict(row.figures),
            **{f"{name}_percent": value for name, value in row.shares.items()},
        }


_EVALUATION_COLUMNS = (
    "office",
    "period",
    "as_of",
    "unit",
    "role",
    "score",
    *NAMES,
    *(f"{name}_percent" for name in PARTS),
)


def _ledger(on: date | None) -> Iterator[Record]:
    """As of the day; without one, as of today. Headings are those of the office's own table."""
    asked = as_of(on or today(), today=today())
    for line in ledger.lines(entries(asked, EVERYTHING, workdays())):
        yield dict(zip(ledger.HEADINGS, line, strict=True))


TABLES: Mapping[str, tuple[Sequence[str], Callable[[date | None], Iterable[Record]]]] = {
    LEDGER: (ledger.HEADINGS, _ledger),
    "tasks": (_TASK_COLUMNS, _tasks),
    "messages": (_MESSAGE_COLUMNS, _messages),
    "obligations": (supervision.OBLIGATION_COLUMNS, supervision.obligation_rows),
    "overdue": (supervision.OVERDUE_COLUMNS, supervision.overdue_rows),
    "digests": (supervision.DIGEST_COLUMNS, supervision.digest_rows),
    "evaluation": (_EVALUATION_COLUMNS, _evaluation),
}


def _write_json(_columns: Sequence[str], rows: Iterable[Record], file: TextIO) -> None:
    file.write("[")
    for number, row in enumerate(rows):
        file.write(",\n " if number else "\n ")
        file.write(json.dumps(row, ensure_ascii=False, default=date.isoformat))
    file.write("\n]\n")


def _write_csv(columns: Sequence[str], rows: Iterable[Record], file: TextIO) -> None:
    plain.write_words(file, columns, ([row[column] for column in columns] for row in rows))


_WRITERS = {"json": _write_json, "csv": _write_csv}


def _write_workbook(table: str, columns: Sequence[str], rows: Iterable[Record], file: Path) -> None:
    wide = ledger.COLUMNS if table == LEDGER else [(column, WIDTH) for column in columns]
    with file.open("wb") as opened:
        workbook.write(opened, table, wide, ([row[name] for name in columns] for row in rows))
