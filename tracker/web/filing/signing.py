"""审签: what waits for the unit's signer, read, signed and sent, or sent back inside the unit."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.registry.policies import may_sign_own
from tracker.registry.queries import workdays
from tracker.reports import desk, filing, writing
from tracker.reports.models import Report
from tracker.reports.states import SIGNING
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing import records, showing, signed
from tracker.web.filing.forms import NoteForm
from tracker.web.filing.reports import ONE
from tracker.web.filing.typed import version_in
from tracker.web.paging import PAGE, asked_after, page_of

CHANGED = "您打开本页之后，报告有过改动，本次没有签发。请重新阅读后再审签。"

pages = Blueprint("signing", __name__)


@pages.get("/signing")
@access("see own obligations")
def index() -> ResponseReturnValue:
    units, after = records.units_signed_for(), asked_after()
    found = desk.waiting(units, after=after, limit=PAGE + 1)
    page = page_of(found, after)
    return render_template("filing/signing.html", page=page, waits=desk.number_waiting(units))


@pages.post("/signing")
@access("see own obligations")
def sign_several() -> ResponseReturnValue:
    """The ticked ones; each is signed as it was read, or stays with its reason."""
    units = records.units_signed_for()
    outcome = signed.several(signed.ticked(request.form.getlist("report")), units)
    if outcome.receipts:
        edge.commit("sign reports", f"{len(outcome.receipts)}项", receipts=outcome.receipts)
    return render_template("filing/signed.html", outcome=outcome), 200 if outcome.receipts else 422


@pages.post(f"{ONE}/sign")
@access("see own obligations")
def sign(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_sign(obligation_id)
    report = writing.of_obligation(owed.id) or abort(404)
    done = signed.already(report)
    if done:
        return redirect(url_for("receipts.receipt", number=done))
    if report.state == SIGNING and report.version != version_in(request.form):
        return showing.text(owed, report, refusal=CHANGED), 409
    return _signed(owed, report)


def _signed(owed: Obligation, report: Report) -> ResponseReturnValue:
    may_own = may_sign_own(owed.unit_id)
    try:
        revision = filing.sign(report, owed, edge.by(), workdays(), may_sign_own=may_own)
    except Forbidden as sentence:
        return showing.refused(owed, str(sentence))
    number = revision.receipt
    edge.commit("sign report", f"obligation {owed.id}", receipt=number)
    flash("已审签报送，这是回执。")
    return redirect(url_for("receipts.receipt", number=number))


@pages.post(f"{ONE}/send-back")
@access("see own obligations")
def send_back(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_sign(obligation_id)
    report, form = writing.of_obligation(owed.id) or abort(404), NoteForm()
    if not form.validate_on_submit():
        return showing.text(owed, report, note=form), 422
    try:
        filing.send_back(report, edge.by(), note=form.note.data or "")
    except Forbidden as sentence:
        return showing.text(owed, report, note=form, refusal=str(sentence)), 422
    edge.commit("send back report", f"obligation {obligation_id}")
    flash("已退回填报员修改。")
    return redirect(url_for("signing.index"))
