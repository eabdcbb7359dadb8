"""One report under review: read beside its last revision, accepted or returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import today
from tracker.days import spelled
from tracker.db import db
from tracker.registry.queries import workdays
from tracker.reports import evidence, queries, reviewing
from tracker.reports.bodies import SECTIONS, Body
from tracker.reports.comparing import Section, sections
from tracker.reports.models import Report, Revision
from tracker.reports.reviewing import DECIDED
from tracker.tasks.models import Obligation
from tracker.tasks.moving import issued
from tracker.tasks.states import CALL, PLAN, Forbidden
from tracker.tasks.wording import quoted
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import lights
from tracker.web.reviewing.own import own_report, own_units
from tracker.web.reviewing.returning import Returning, from_form

CORRECTION_WORKDAYS = 5
CHANGED = "单位在您打开本页之后撤回或重新报送过，本次没有办理。请核对最新内容后再审核。"
# What a plan says, and what every other report says.
OF_PLAN = frozenset({"progress", "milestones", "evidence"})
OF_REPORT = SECTIONS.keys() - {"milestones", "answers"}
OF_CALL = frozenset({"answers", "evidence"})
RETURNABLE = {PLAN: OF_PLAN, CALL: OF_CALL}

pages = Blueprint("review", __name__)


@pages.get("/reviews/<int(max=2147483647):report_id>")
@access("review reports")
def show(report_id: int) -> ResponseReturnValue:
    return _page(*own_report(report_id))


@pages.post("/reviews/<int(max=2147483647):report_id>/begin")
@access("review reports")
def begin(report_id: int) -> ResponseReturnValue:
    report, obligation = own_report(report_id)
    had = report.reviewer_id
    reviewing.begin(report, edge.by())
    if report.reviewer_id != had:
        edge.commit("begin review", _subject(obligation), report=report.id)
    return redirect(url_for("review.show", report_id=report_id))


@pages.post("/reviews/<int(max=2147483647):report_id>/accept")
@access("review reports")
def accept(report_id: int) -> ResponseReturnValue:
    report, obligation = own_report(report_id)
    subject = _subject(obligation)
    try:
        _check_revision(report)
        reviewing.accept(report, obligation, edge.by())
        edge.commit("accept report", subject, report=report_id)
    except (Forbidden, StaleDataError) as error:
        return _refused(report_id, error)
    flash(f"已通过：{subject}。")
    return redirect(url_for("reviews.index"))


@pages.post("/reviews/<int(max=2147483647):report_id>/return")
@access("review reports")
def send_back(report_id: int) -> ResponseReturnValue:
    report, obligation = own_report(report_id)
    given, subject = from_form(), _subject(obligation)
    if given.errors or given.day is None:
        return _page(report, obligation, given=given, code=422)
    try:
        _check_revision(report)
        reviewing.send_back(
            report, obligation, edge.by(), reasons=given.reasons, correct_by=given.day
        )
        counts = obligation.correct_by or given.day
        edge.commit("return report", subject, report=report_id, sections=list(given.reasons))
    except (Forbidden, StaleDataError) as error:
        return _refused(report_id, error, given)
    flash(f"已退回：{subject}，补正期限{spelled(counts)}。{_later(given.day, counts)}")
    return redirect(url_for("reviews.index"))


def _later(asked: date, counts: date) -> str:
    """Where the report's own day lies behind the reviewer's, the later of both counts."""
    if counts == asked:
        return ""
    return f"所填{spelled(asked)}早于应报日期，按较晚的应报日期计算。"


def _subject(obligation: Obligation) -> str:
    return f"{obligation.unit.name}{quoted(obligation.title)}"


def _check_revision(report: Report) -> None:
    """Nobody decides on a text that they have not seen."""
    if request.form.get("revision") != str(report.revision):
        raise Forbidden(CHANGED)


def _refused(
    report_id: int, error: Exception, given: Returning | None = None
) -> ResponseReturnValue:
    """The second of two reviewers is told; nothing is written."""
    db.session.rollback()
    sentence = str(error) if isinstance(error, Forbidden) else DECIDED
    return _page(*own_report(report_id), given=given, refusal=sentence, code=409)


def _page(
    report: Report,
    obligation: Obligation,
    *,
    given: Returning | None = None,
    refusal: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    filed = list(queries.revisions(report.id))
    suggested = workdays().after(today(), CORRECTION_WORKDAYS).isoformat()
    page = render_template(
        "reviewing/review.html",
        report=report,
        obligation=obligation,
        revisions=filed,
        sections=_sections(filed),
        evidence=evidence.of_revision(filed[-1].id),
        reviews=queries.reviews(report.id),
        moves=queries.report_moves(report.id),
        names=SECTIONS,
        returnable=RETURNABLE.get(obligation.kind, OF_REPORT),
        given=given or Returning(reasons={}, correct_by=suggested),
        issued=issued(obligation),
        tomorrow=workdays().after(today(), 1).isoformat(),
        is_own=obligation.unit_id in own_units(),
        refusal=refusal,
        light=lights(),
    )
    return page, code


def _sections(filed: Sequence[Revision]) -> list[Section]:
    """The last revision, beside the one before it where there is one."""
    after, before = filed[-1], filed[-2] if len(filed) > 1 else None
    return sections(
        Body.of(after.body),
        Body.of(before.body) if before else None,
        files=[item.name for item in evidence.of_revision(after.id)],
        files_before=[item.name for item in evidence.of_revision(before.id)] if before else (),
    )
