"""One report: the form for who writes it, the text for who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.reports import filing, queries, writing
from tracker.reports.bodies import Body, Mistake, carried
from tracker.reports.models import Report
from tracker.reports.states import EDITABLE, SIGNING
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing import records, showing
from tracker.web.filing.comparing import merged
from tracker.web.filing.saving import saved
from tracker.web.filing.typed import body_of, version_in
from tracker.web.limits import takes

ONE = "/obligations/<int(max=2147483647):obligation_id>"
ROOM = 2 * 1024 * 1024

pages = Blueprint("reports", __name__)


@pages.get(ONE)
@access("see reports")
def show(obligation_id: int) -> ResponseReturnValue:
    return page(records.to_see(obligation_id))


def page(owed: Obligation, *, asking: str = "") -> str:
    """As a form where it may be written on; `asking` is what is wrong with a request for parts."""
    report = writing.of_obligation(owed.id)
    if records.is_filer() and _is_open(owed, report):
        return showing.form(owed, report, asking=asking)
    return showing.text(owed, report, asking=asking)


def _is_open(owed: Obligation, report: Report | None) -> bool:
    if not records.is_inside(owed) or owed.status in writing.NOT_OWED:
        return False
    return report is None or report.state in EDITABLE


@pages.post(ONE)
@access("file reports")
@takes(content=ROOM, text=ROOM)
def write(obligation_id: int) -> ResponseReturnValue:
    """保存草稿, 沿用上期, 无变化 or 送审: the text is saved first in every case."""
    owed = records.to_write(obligation_id)
    typed, action = body_of(request.form), request.form.get("action", "save")
    return kept(owed, _prepared(owed, typed, action), version_in(request.form), action)


def _prepared(owed: Obligation, typed: Body, action: str) -> Body:
    """Last period's text fills what is still empty: nothing that was typed is replaced."""
    before = queries.body_before(owed) if action in ("carry", "unchanged") else None
    if before is None:
        return replace(typed, is_unchanged=True) if action == "unchanged" else typed
    old = carried(before)
    if action == "unchanged":
        stage, percent = typed.stage or old.stage, typed.percent or old.percent
        return replace(typed, stage=stage, percent=percent, is_unchanged=True)
    empty = {name: value for name, value in vars(old).items() if value and not getattr(typed, name)}
    return replace(typed, **empty)


def kept(owed: Obligation, typed: Body, version: int, action: str) -> ResponseReturnValue:
    obligation_id = owed.id
    if _is_with_signer(owed, typed):
        return redirect(url_for("reports.show", obligation_id=obligation_id))
    try:
        report = saved(owed, typed, version)
    except writing.Conflict as conflict:
        return showing.conflict(owed, conflict)
    except Forbidden as sentence:
        return showing.refused(owed, str(sentence), typed)
    if action in ("submit", "unchanged"):
        return _submitted(owed, report)
    edge.commit("save draft", f"obligation {obligation_id}")
    flash("已填入上期内容，请修改后送审。" if action == "carry" else "草稿已保存。")
    return redirect(url_for("reports.show", obligation_id=obligation_id))


def _is_with_signer(owed: Obligation, typed: Body) -> bool:
    """A second click on 送审 comes when the same text waits for the signer already."""
    report = writing.of_obligation(owed.id)
    return bool(report and report.state == SIGNING and Body.of(report.body) == typed)


def _submitted(owed: Obligation, report: Report) -> ResponseReturnValue:
    """What is typed is kept even where it cannot be sent yet."""
    obligation_id, wrong = owed.id, list[Mistake]()
    try:
        filing.submit(report, queries.asked_of(owed), edge.by())
    except filing.Incomplete as incomplete:
        wrong.extend(incomplete.mistakes)
    edge.commit("save draft" if wrong else "submit report", f"obligation {obligation_id}")
    if wrong:
        return _with_mistakes(obligation_id, wrong)
    flash("已送审，等待本单位审签人审签；审签后才算报送。")
    return redirect(url_for("reports.show", obligation_id=obligation_id))


def _with_mistakes(obligation_id: int, wrong: Sequence[Mistake]) -> ResponseReturnValue:
    owed = records.to_write(obligation_id)
    report = writing.of_obligation(obligation_id)
    return showing.form(owed, report, mistakes=wrong), 422


@pages.post(f"{ONE}/merge")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def merge(obligation_id: int) -> ResponseReturnValue:
    """After a conflict: what the writer chose of both texts, over the text they chose against."""
    owed = records.to_write(obligation_id)
    report = writing.of_obligation(owed.id)
    mine, version = body_of(request.form), version_in(request.form)
    if report is None or report.version != version:
        return kept(owed, mine, version, "save")
    whole = merged(mine, Body.of(report.body), request.form.to_dict())
    return kept(owed, whole, version, "save")
