"""台账: the table of everything as the address narrows it, as .xlsx and .csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from tracker.papers import ledger, workbook
from tracker.papers.plain import write_csv
from tracker.supervision.ledger import entries
from tracker.web.access import access
from tracker.web.desk.looking import Look, choices, look
from tracker.web.downloads import CSV, XLSX

pages = Blueprint("ledger", __name__)


@pages.get("/ledger")
@access("see supervision")
def index() -> ResponseReturnValue:
    of = look()
    columns = ledger.HEADINGS
    return render_template("leaving/ledger.html", look=of, choices=choices(of), columns=columns)


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


def _lines(of: Look) -> Iterator[Sequence[Any]]:
    sight = of.sight
    return ledger.lines(entries(sight.asked, sight.picked, sight.workdays))


def _handed(file: IO[bytes], of: Look, kind: str, ending: str) -> ResponseReturnValue:
    """Written beside memory, whatever its size."""
    file.seek(0)
    name = f"{ledger.NAME}{of.sight.day.isoformat()}.{ending}"
    return send_file(file, mimetype=kind, as_attachment=True, download_name=name)
