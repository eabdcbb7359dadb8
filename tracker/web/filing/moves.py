"""Taking a report back, withdrawing it before review, and putting right what was accepted."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.reports import filing, writing
from tracker.reports.models import Report
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing import records, showing
from tracker.web.filing.reports import ONE

Act = Callable[[Report], None]

pages = Blueprint("moves", __name__)


@pages.post(f"{ONE}/take-back")
@access("file reports")
def take_back(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_write(obligation_id)
    said = "已取回，可以继续修改。"
    return _done(owed, "take back report", said, lambda r: filing.take_back(r, edge.by()))


@pages.post(f"{ONE}/withdraw")
@access("see own obligations")
def withdraw(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_work_on(obligation_id)
    said = "已撤回，修改后须重新送审、审签。"
    return _done(owed, "withdraw report", said, lambda r: filing.withdraw(r, owed, edge.by()))


@pages.post(f"{ONE}/amend")
@access("file reports")
def amend(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_write(obligation_id)
    said = "已进入更正，原报告继续有效，更正稿审签后重新审核。"
    return _done(owed, "amend report", said, lambda r: filing.amend(r, edge.by()))


def _done(owed: Obligation, action: str, said: str, act: Act) -> ResponseReturnValue:
    report = writing.of_obligation(owed.id) or abort(404)
    try:
        act(report)
    except Forbidden as sentence:
        return showing.text(owed, report, refusal=str(sentence)), 409
    edge.commit(action, f"obligation {owed.id}")
    flash(said)
    return redirect(url_for("reports.show", obligation_id=owed.id))
