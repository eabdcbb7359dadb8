"""台账: the table of everything as the address narrows it, as .xlsx and .csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from tracker.papers import ledger, workbook
from tracker.papers.plain import write_csv
from tracker.supervision.ledger import AT_ONCE, entries, number_of
from tracker.web.access import access
from tracker.web.desk.looking import Look, choices, look
from tracker.web.downloads import CSV, XLSX

SHOWN = 20

pages = Blueprint("ledger", __name__)


@pages.get("/ledger")
@access("see supervision")
def index() -> ResponseReturnValue:
    """The first rows of what is handed out, and how many there are."""
    of = look()
    return render_template(
        "leaving/ledger.html",
        look=of,
        choices=choices(of),
        columns=ledger.HEADINGS,
        number=number_of(of.sight.asked, of.sight.picked),
        rows=list(islice(_lines(of, at_once=SHOWN), SHOWN)),
    )


@pages.get("/ledger.xlsx")
@access("see supervision")
def as_workbook() -> ResponseReturnValue:
    of, file = look(), TemporaryFile()  # noqa: SIM115  closed with the response
    workbook.write(file, ledger.NAME, ledger.COLUMNS, _lines(of))
    return _handed(file, of, XLSX, "xlsx")


@pages.get("/ledger.csv")
@access("see supervision")
def as_csv() -> ResponseReturnValue:
    of, file = look(), TemporaryFile()  # noqa: SIM115  closed with the response
    write_csv(file, ledger.HEADINGS, _lines(of))
    return _handed(file, of, CSV, "csv")


def _lines(of: Look, *, at_once: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    sight = of.sight
    return ledger.lines(entries(sight.asked, sight.picked, sight.workdays, at_once=at_once))


def _handed(file: IO[bytes], of: Look, kind: str, ending: str) -> ResponseReturnValue:
    """Written beside memory, whatever its size."""
    file.seek(0)
    name = f"{ledger.NAME}{of.sight.day.isoformat()}.{ending}"
    return send_file(file, mimetype=kind, as_attachment=True, download_name=name)
