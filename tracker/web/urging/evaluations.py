"""评估: frozen by the office as of a day; every figure opens the rows it was counted from."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.db import db
from tracker.permissions import UNIT_SIDE, Record, is_office_of, office_seen_by
from tracker.registry.settings import in_force
from tracker.supervision import evaluating, evaluations
from tracker.supervision.evaluations import Which
from tracker.supervision.models import Evaluation
from tracker.supervision.scoring import FIGURES, PARTS, total
from tracker.tasks.periods import label_of
from tracker.tasks.states import LEAD, LOCAL, ROLES, SUPPORT, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import typed
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

ORDER = (LEAD, LOCAL, SUPPORT)
ONE = "/evaluations/<int(max=2147483647):evaluation_id>"

pages = Blueprint("evaluations", __name__)


@pages.get("/evaluations")
@access("see evaluations")
def index() -> ResponseReturnValue:
    return _index()


def _index(*, wrong: str = "") -> ResponseReturnValue:
    office = office_seen_by(current_user.actor)
    if office is None:
        shown = evaluations.shown_to(current_user.unit_id)
        return render_template("urging/evaluations_unit.html", evaluations=shown), 200
    page = render_template(
        "urging/evaluations.html",
        evaluations=evaluations.of_office(office),
        periods=[(key, label_of(key)) for key in evaluations.periods(office)],
        weights=evaluating.weights_of(in_force()),
        parts=PARTS,
        makes=current_user.may("evaluate"),
        asked=request.form.get("period") or evaluating.latest_period(today()),
        as_of=request.form.get("as_of", today().isoformat())[:20],
        today=today(),
        wrong=wrong,
    )
    return page, 422 if wrong else 200


@pages.post("/evaluations")
@access("evaluate")
def freeze() -> ResponseReturnValue:
    period, day = request.form.get("period", ""), typed(request.form.get("as_of", ""))
    if period not in evaluations.periods(current_user.unit_id) or day is None:
        return _index(wrong="请选择报告期，并填写截止日期。")
    try:
        made = _frozen(period, day)
    except Forbidden as sentence:
        db.session.rollback()
        return _index(wrong=str(sentence))
    edge.commit("freeze evaluation", f"{label_of(period)} {day.isoformat()}", evaluation=made.id)
    return redirect(url_for("evaluations.show", evaluation_id=made.id))


def _frozen(period: str, day: date) -> Evaluation:
    weights = evaluating.weights_of(in_force(day))
    return evaluating.freeze(current_user.unit_id, period, day, edge.by(), weights=weights)


@pages.get(ONE)
@access("see evaluations")
def show(evaluation_id: int) -> ResponseReturnValue:
    evaluation = _to_see(evaluation_id)
    rows = evaluations.rows(evaluation.id)
    told = (
        rows if _is_office(evaluation) else [r for r in rows if r.unit_id == current_user.unit_id]
    )
    roles = sorted({row.role for row in told}, key=ORDER.index)
    return render_template(
        "urging/evaluation.html",
        evaluation=evaluation,
        rows=told,
        roles=roles,
        totals={role: total(r.figures for r in rows if r.role == role) for role in roles},
        medians={role: evaluations.medians(rows, role) for role in roles},
        figures=FIGURES,
        parts=PARTS,
        is_office=_is_office(evaluation),
        makes=evaluation.office_id == current_user.unit_id and current_user.may("evaluate"),
    )


@pages.get(f"{ONE}/rows")
@access("see evaluations")
def behind(evaluation_id: int) -> ResponseReturnValue:
    """The rows that one figure was counted from."""
    evaluation, after = _to_see(evaluation_id), asked_after()
    which = _which(is_office=_is_office(evaluation))
    found = evaluations.behind(evaluation.id, which, after=after, limit=PAGE + 1)
    known = {"figure": which.figure, "unit": which.unit_id, "role": which.role or None}
    return render_template(
        "urging/evaluation_rows.html",
        evaluation=evaluation,
        figure=which.figure,
        figures=FIGURES,
        page=page_of(found, after),
        number=evaluations.number_behind(evaluation.id, which),
        unit=evaluations.name_in(evaluation.id, which.unit_id) if which.unit_id else "",
        known={"evaluation_id": evaluation.id, **known},
    )


def _which(*, is_office: bool) -> Which:
    """What the address asks for; a unit is shown nobody's rows but its own."""
    figure, role = request.args.get("figure", ""), request.args.get("role", "")
    return Which(
        figure=figure if figure in FIGURES else "expected",
        unit_id=number_asked("unit") if is_office else current_user.unit_id,
        role=role if role in ROLES else "",
    )


@pages.post(f"{ONE}/show")
@access("evaluate")
def show_to_units(evaluation_id: int) -> ResponseReturnValue:
    evaluation = _own(evaluation_id)
    if evaluation.shown_at is None:
        evaluating.show_to_units(evaluation, edge.by())
        edge.commit("show evaluation", label_of(evaluation.period), evaluation=evaluation.id)
        flash("已向各单位公开：每个单位只能看到自己的数字和中位数。")
    return redirect(url_for("evaluations.show", evaluation_id=evaluation.id))


@pages.post(f"{ONE}/check")
@access("evaluate")
def check(evaluation_id: int) -> ResponseReturnValue:
    """Counted again from the events; nothing is written but the log."""
    evaluation = _own(evaluation_id)
    different = evaluating.differences(evaluation)
    edge.commit("recount evaluation", label_of(evaluation.period), differences=different)
    flash(
        f"重新核算后有{different}处与冻结的数字不一致，请联系系统管理员。"
        if different
        else "已按办理记录重新核算，与冻结的数字完全一致。"
    )
    return redirect(url_for("evaluations.show", evaluation_id=evaluation.id))


def _own(evaluation_id: int) -> Evaluation:
    evaluation = evaluations.evaluation(evaluation_id) or abort(404)
    if evaluation.office_id != current_user.unit_id:
        abort(404)
    return evaluation


def _to_see(evaluation_id: int) -> Evaluation:
    """The office and its leaders; a unit that is in it, once it is shown to units."""
    evaluation = evaluations.evaluation(evaluation_id) or abort(404)
    actor = current_user.actor
    is_in = bool(actor.roles & UNIT_SIDE) and evaluations.name_in(evaluation.id, actor.unit_id)
    if not _is_office(evaluation) and not (is_in and evaluation.shown_at):
        abort(404)
    return evaluation


def _is_office(evaluation: Evaluation) -> bool:
    return is_office_of(current_user.actor, Record(unit_id=0, office_id=evaluation.office_id))
