"""免报: what was asked for is granted or refused, one or many; what was granted can be lifted."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.db import db
from tracker.registry.queries import workdays
from tracker.tasks import queries, waiving
from tracker.tasks.models import Waiver
from tracker.tasks.states import ASKED, GRANTED, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import named
from tracker.web.days import typed
from tracker.web.paging import PAGE, asked_after, numbers_ticked
from tracker.web.reviewing.listing import waiver_page

RESUMED_WORKDAYS = 10
GRANT, REFUSE = "grant", "refuse"
NEEDS_TICK = "没有选择申请，请先勾选。"

Wrong = dict[str, str]

pages = Blueprint("waivers", __name__)


@pages.get("/waivers")
@access("rule waivers")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/waivers")
@access("rule waivers")
def rule() -> ResponseReturnValue:
    """All ticked ones together, or none: the note is said to each of them."""
    chosen = _chosen()
    if not chosen:
        return _page(wrong={"waiver": NEEDS_TICK}, code=422)
    grants = request.form.get("ruling") != REFUSE
    try:
        _rule(chosen, grants=grants, note=request.form.get("note", ""))
    except Forbidden as sentence:
        db.session.rollback()
        return _page(wrong={"note": str(sentence)}, code=422)
    number, action = len(chosen), "grant waivers" if grants else "refuse waivers"
    ruling = "已同意免报" if grants else "未同意免报"
    tasks = named([waiver.task_id for waiver in chosen])
    edge.note("rule matter", [f"{ruling}：{words}" for words in tasks.values()])
    edge.commit(action, f"{number}项", waivers=[waiver.id for waiver in chosen])
    flash(f"已{'同意' if grants else '不同意'}{number}项免报申请。")
    return redirect(url_for("waivers.index"))


def _chosen() -> Sequence[Waiver]:
    ids = numbers_ticked("waiver", 2 * PAGE)
    return queries.waivers_with_tasks(ids, current_user.unit_id) if ids else []


def _rule(chosen: Sequence[Waiver], *, grants: bool, note: str) -> None:
    if grants:
        waiving.grant_all([(waiver, waiver.task) for waiver in chosen], edge.by(), note=note)
    else:
        waiving.refuse_all(chosen, edge.by(), note=note)


def _page(*, wrong: Wrong | None = None, code: int = 200) -> ResponseReturnValue:
    state = GRANTED if request.args.get("state") == GRANTED else ASKED
    after = asked_after()
    found = queries.waivers_in(state, current_user.unit_id, after=after, limit=PAGE + 1)
    page = render_template(
        "reviewing/waivers.html",
        page=waiver_page(found, after),
        state=state,
        wrong=wrong or {},
        note=request.form.get("note", ""),
        ticked=set(request.form.getlist("waiver")),
    )
    return page, code


@pages.get("/waivers/<int(max=2147483647):waiver_id>/lift")
@access("rule waivers")
def lifting(waiver_id: int) -> ResponseReturnValue:
    return _lift_page(_granted(waiver_id))


@pages.post("/waivers/<int(max=2147483647):waiver_id>/lift")
@access("rule waivers")
def lift(waiver_id: int) -> ResponseReturnValue:
    waiver, day = _granted(waiver_id), typed(request.form.get("day", ""))
    if day is None or day <= today():
        return _lift_page(waiver, wrong={"day": "请填写恢复后的报送期限，须晚于今天。"}, code=422)
    try:
        waiving.lift(waiver, waiver.task, edge.by(), day=day, note=request.form.get("note", ""))
        subject = named([waiver.task_id])[waiver.task_id]
        edge.commit("lift waiver", subject, waiver=waiver_id, day=day.isoformat())
    except Forbidden as sentence:
        db.session.rollback()
        return _lift_page(_granted(waiver_id), wrong={"note": str(sentence)}, code=422)
    flash("已恢复报送，本期起须按期报送。")
    return redirect(url_for("waivers.index", state=GRANTED))


def _granted(waiver_id: int) -> Waiver:
    found = queries.waivers_with_tasks([waiver_id], current_user.unit_id)
    return found[0] if found else abort(404)


def _lift_page(
    waiver: Waiver, *, wrong: Wrong | None = None, code: int = 200
) -> ResponseReturnValue:
    suggested = workdays().after(today(), RESUMED_WORKDAYS).isoformat()
    page = render_template(
        "reviewing/lift.html",
        waiver=waiver,
        task=queries.one(waiver.task_id),
        wrong=wrong or {},
        day=request.form.get("day", suggested)[:20],
        note=request.form.get("note", ""),
        tomorrow=workdays().after(today(), 1).isoformat(),
    )
    return page, code
