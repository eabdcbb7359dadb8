"""单位申请: everything that waits for the chief's ruling, on one page, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.coordinating import closing, queries, unfinished, waiting
from tracker.coordinating.models import Closing
from tracker.coordinating.states import CHECKLIST
from tracker.db import db
from tracker.registry import queries as registry
from tracker.registry.queries import workdays
from tracker.tasks import queries as tasks
from tracker.tasks.models import Task
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating import ruling
from tracker.web.coordinating.ruling import Ruled
from tracker.web.coordinating.telling import named
from tracker.web.days import lights, typed
from tracker.web.paging import PAGE, asked_after, page_of

FAIR_WORKDAYS = 10
GRANT, REFUSE = "grant", "refuse"

pages = Blueprint("matters", __name__)


@pages.get("/matters")
@access("rule matters")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/matters")
@access("rule matters")
def rule() -> ResponseReturnValue:
    """What can be ruled on is; what cannot stays ticked, with the reason beside it."""
    ticked = ruling.ticked(request.form.getlist("matter"))
    grants = request.form.get("ruling") == GRANT
    note = request.form.get("note", "")
    if wrong := _wrong(ticked, grants=grants, note=note):
        return _page(wrong=wrong)
    ruled = ruling.rule_all(current_user.unit_id, ticked, grants=grants, note=note)
    action = "grant matters" if grants else "refuse matters"
    if ruled.done:
        edge.commit(action, f"{len(ruled.done)}项", matters=ruled.done)
        flash(f"已{'同意' if grants else '不同意'}{len(ruled.done)}项，有关单位已收到通知。")
    if ruled.stayed:
        return _page(ruled=ruled)
    return redirect(url_for("matters.index", kind=request.args.get("kind") or None))


def _wrong(ticked: Mapping[str, Any], *, grants: bool, note: str) -> dict[str, str]:
    if not ticked:
        return {"matter": "没有选择事项，请先勾选。"}
    if not grants and not note.strip():
        return {"note": "请写明不同意的理由。"}
    if len(note.strip()) > ruling.LONGEST:
        return {
            "note": f"理由最多{ruling.LONGEST}字，请删减{len(note.strip()) - ruling.LONGEST}字。"
        }
    return {}


def _page(
    *, ruled: Ruled | None = None, wrong: dict[str, str] | None = None
) -> ResponseReturnValue:
    office_id, kind = current_user.unit_id, request.args.get("kind", "")
    kind = kind if kind in ruling.WAITING else ""
    after = asked_after() if kind else 0
    kinds = [kind] if kind else list(ruling.WAITING)
    found = {one: ruling.WAITING[one](office_id, limit=PAGE + 1, after=after) for one in kinds}
    numbers = waiting.numbers(office_id)
    stays = bool(ruled or wrong)
    page = render_template(
        "coordinating/matters.html",
        found={one: rows[:PAGE] for one, rows in found.items()},
        more=[one for one, rows in found.items() if len(rows) > PAGE],
        numbers=numbers,
        total=sum(numbers.values()),
        after=after,
        kind=kind,
        kinds=ruling.WORDS,
        ticked=set(request.form.getlist("matter")) if stays else set(),
        all_ticked=request.args.get("all") == "1",
        typed=request.form if stays else {},
        stayed=ruled.stayed if ruled else {},
        wrong=wrong or {},
        units=registry.unit_choices() if found.get("dispute") else [],
        checklist=CHECKLIST,
        open_of=unfinished.of_tasks([row.id for row in found.get("closing", ())], today()),
        fair=workdays().after(today(), FAIR_WORKDAYS),
        light=lights(),
    )
    return page, 422 if stays else 200


@pages.get("/matters/closed")
@access("rule matters")
def closed() -> ResponseReturnValue:
    """What was closed, and can be reopened."""
    after = asked_after()
    rows = queries.closed_in(current_user.unit_id, after=after, limit=PAGE + 1)
    return render_template("coordinating/closed.html", page=page_of(rows, after, key="request_id"))


@pages.get("/closings/<int(max=2147483647):closing_id>/reopen")
@access("rule matters")
def reopening(closing_id: int) -> ResponseReturnValue:
    return _reopen_page(_own(closing_id))


@pages.post("/closings/<int(max=2147483647):closing_id>/reopen")
@access("rule matters")
def reopen(closing_id: int) -> ResponseReturnValue:
    found, form = _own(closing_id), request.form
    task = db.session.get_one(Task, found.task_id)
    day, reason = typed(form.get("day", "")), form.get("reason", "")
    coming = closing.coming_back(closing_id)
    try:
        closing.reopen(found, task, edge.by(), day=day, reason=reason)
    except Forbidden as sentence:
        db.session.rollback()
        return _reopen_page(_own(closing_id), wrong=str(sentence))
    number = len(coming)
    ruling.tell_reopened(found)
    subject = named([task.id])[task.id]
    edge.commit("reopen task", subject, task=task.id, closing=closing_id, owed=number)
    again = f"，{number}项应报事项恢复报送" if number else ""
    flash(f"已撤销销号，任务继续办理{again}，本期起须按期报送。")
    return redirect(url_for("task.show", task_id=found.task_id))


def _own(closing_id: int) -> Closing:
    return queries.closing_of_office(closing_id, current_user.unit_id) or abort(404)


def _reopen_page(found: Closing, *, wrong: str = "") -> ResponseReturnValue:
    page = render_template(
        "coordinating/reopen.html",
        closing=found,
        task=tasks.one(found.task_id),
        coming=closing.coming_back(found.id),
        typed=request.form,
        wrong=wrong,
        fair=workdays().after(today(), FAIR_WORKDAYS),
    )
    return page, 422 if wrong else 200
