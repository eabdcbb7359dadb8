"""回执: the number and the time under which a report left its unit."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.reports import evidence, queries
from tracker.web.access import access
from tracker.web.filing import records

pages = Blueprint("receipts", __name__)


@pages.get("/receipts")
@access("see reports")
def find() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()[:20]
    revision = queries.receipt(number) if number else None
    report = queries.report(revision.report_id) if revision else None
    owed = queries.obligation(report.obligation_id) if report else None
    if owed and records.may_see(owed):
        return redirect(url_for("receipts.receipt", number=number))
    return render_template("filing/receipts.html", number=number)


@pages.get("/receipts/<number>")
@access("see reports")
def receipt(number: str) -> ResponseReturnValue:
    revision = queries.receipt(number) or abort(404)
    report = queries.report(revision.report_id) or abort(404)
    owed = records.to_see(report.obligation_id)
    return render_template(
        "filing/receipt.html",
        revision=revision,
        owed=owed,
        measure=owed.measure,
        files=evidence.of_revision(revision.id),
        inside=records.is_inside(owed),
    )
