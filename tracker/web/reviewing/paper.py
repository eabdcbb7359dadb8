"""代录: the office enters a paper report with its scan; another person reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.clock import today
from tracker.db import db
from tracker.reports import on_paper, queries, writing
from tracker.reports.bodies import LONGEST_TEXT, Body, Mistake, mistakes
from tracker.reports.evidence import LARGEST, Rejected
from tracker.reports.filing import Incomplete
from tracker.reports.writing import Conflict
from tracker.tasks.models import Obligation
from tracker.tasks.states import PLAN, Forbidden
from tracker.web.access import access
from tracker.web.limits import takes
from tracker.web.paging import PAGE, asked_after, number_asked, page_of
from tracker.web.reviewing import recording, scans
from tracker.web.reviewing.own import own_notices, own_obligation
from tracker.web.reviewing.paper_form import Paper, from_form
from tracker.web.reviewing.scans import Waiting

ROOM = 1024 * 1024
TOO_LARGE = "扫描件合计不能超过200 MB，单个文件不能超过50 MB，请减小后重新填写。"

Wrong = dict[str, list[str]]

pages = Blueprint("paper", __name__)


@pages.get("/paper")
@access("record paper reports")
def choose() -> ResponseReturnValue:
    known, office = own_notices(), current_user.unit_id
    chosen = next((n for n in known if n.slug == request.args.get("notice")), None)
    unit, after = number_asked("unit"), asked_after()
    units = on_paper.units_owing(office, chosen.id) if chosen else []
    unit = unit if unit in dict(units) else None
    found: Sequence[Row[Any]] = []
    if chosen and unit:
        found = on_paper.owed_by(office, chosen.id, unit, after=after, limit=PAGE + 1)
    asked = {"notice": chosen.slug if chosen else "", "unit": unit}
    page = page_of(found, after)
    return render_template(
        "reviewing/paper.html",
        page=page,
        notices=known,
        units=units,
        asked=asked,
        is_being_written=recording.is_being_written,
    )


@pages.get("/paper/<int(max=2147483647):obligation_id>")
@access("record paper reports")
def show(obligation_id: int) -> ResponseReturnValue:
    obligation = own_obligation(obligation_id)
    report = writing.of_obligation(obligation.id)
    refusal = recording.refusal(report) or _not_owed(obligation)
    filed = queries.revisions(report.id) if report else []
    body = Body.of(filed[-1].body) if filed else Body()
    return _page(obligation, Paper(body=body), refusal=refusal, can_record=not refusal)


@pages.post("/paper/<int(max=2147483647):obligation_id>")
@access("record paper reports")
@takes(content=4 * LARGEST, text=ROOM)
def record(obligation_id: int) -> ResponseReturnValue:
    obligation, paper = own_obligation(obligation_id), from_form()
    wrong = _by_field(mistakes(paper.body, queries.asked_of(obligation)))
    wrong |= {name: list(found) for name, found in paper.errors.items()}
    refusal = ""
    try:
        if not wrong:
            return _recorded(obligation, paper)
    except Incomplete as found:
        wrong = _by_field(found.mistakes)
    except Rejected as sentence:
        wrong = {"evidence": [str(sentence)]}
    except (Forbidden, Conflict) as sentence:
        refusal = str(sentence)
    db.session.rollback()
    waiting, unfit = scans.keep(paper.scans)
    if unfit:
        wrong["evidence"] = unfit
    again = own_obligation(obligation_id)
    return _page(again, paper, wrong=wrong, refusal=refusal, waiting=waiting, code=422)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    obligation = own_obligation((request.view_args or {})["obligation_id"])
    return _page(obligation, Paper(body=Body()), wrong={"evidence": [TOO_LARGE]}, code=413)


def _recorded(obligation: Obligation, paper: Paper) -> ResponseReturnValue:
    revision = recording.record(obligation, paper)
    flash(f"已代录报送，回执编号{revision.receipt}。请由另一位审核人审核。")
    return redirect(url_for("review.show", report_id=revision.report_id))


def _by_field(found: Sequence[Mistake]) -> Wrong:
    wrong: Wrong = {}
    for mistake in found:
        wrong.setdefault(mistake.field, []).append(mistake.message)
    return wrong


def _not_owed(obligation: Obligation) -> str:
    return "" if obligation.awaited_by else "这项应报事项当前不需要报送，不能代录。"


def _page(
    obligation: Obligation,
    paper: Paper,
    *,
    wrong: Wrong | None = None,
    refusal: str = "",
    can_record: bool = True,
    waiting: Sequence[Waiting] = (),
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "reviewing/paper_form.html",
        obligation=obligation,
        paper=paper,
        body=paper.body,
        is_plan=obligation.kind == PLAN,
        asked=queries.asked_of(obligation),
        milestones=queries.milestones(obligation.task_id),
        longest=LONGEST_TEXT,
        waiting=waiting,
        wrong=wrong or {},
        refusal=refusal,
        can_record=can_record,
        today=today().isoformat(),
    )
    return page, code
