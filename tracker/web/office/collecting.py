"""经验做法 at the office: the queue, the ruling on each, and a compilation of those selected."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.coordinating import cases, collecting
from tracker.coordinating.experience import CASES, FILED, RULINGS, SELECTED
from tracker.coordinating.models import Case
from tracker.db import db
from tracker.delivery.keeping import settle
from tracker.papers.matter_letters import Told
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_unit, tell_units
from tracker.web.paging import PAGE, asked_after, numbers_ticked, page_of

MOST_TICKED = 1_000

pages = Blueprint("collecting", __name__)


@pages.get("/cases/review")
@access("rule cases")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/cases/<int(max=2147483647):case_id>/rule")
@access("rule cases")
def rule(case_id: int) -> ResponseReturnValue:
    case = cases.case(case_id) or abort(404)
    if case.notice.office_id != current_user.unit_id or case.filed_at is None:
        abort(404)
    event = request.form.get("ruling", "")
    try:
        if event not in RULINGS:
            raise Forbidden("请选择办理意见。")
        by = edge.by()
        collecting.rule(case, event, by, note=request.form.get("note", ""))
        settle([f"case:{case_id}"], at=by.at)
        tell_unit(case.unit_id, _told(case), by)
        edge.commit("rule case", case.title, case=case_id, ruling=event)
        flash("已办理。")
    except Forbidden as sentence:
        db.session.rollback()
        flash(f"没有办理：{sentence}")
        return redirect(url_for("cases.show", case_id=case_id))
    return redirect(url_for("collecting.index"))


@pages.post("/compilations")
@access("rule cases")
def gather() -> ResponseReturnValue:
    ids = set(numbers_ticked("case", MOST_TICKED))
    chosen, by = cases.selected(ids, current_user.unit_id), edge.by()
    try:
        made = collecting.compile_cases(
            chosen,
            by,
            office_id=current_user.unit_id,
            title=request.form.get("title", ""),
            words=request.form.get("words", ""),
        )
        link = url_for("cases.compilation", compilation_id=made.id)
        told = Told(
            about=f"compilation:{made.id}", step="经验做法已汇编", title=made.title, link=link
        )
        tell_units({case.unit_id for case in chosen}, told, by)
        edge.commit("compile cases", made.title, cases=sorted(ids))
    except Forbidden as sentence:
        db.session.rollback()
        return _page(wrong=str(sentence))
    flash("已汇编，所有业务用户都可查阅。")
    return redirect(url_for("cases.compilation", compilation_id=made.id))


def _told(case: Case) -> Told:
    link = url_for("cases.show", case_id=case.id)
    step = f"经验做法{CASES[case.state]}"
    return Told(about=f"case:{case.id}", step=step, title=case.title, lines=(case.note,), link=link)


def _page(*, wrong: str = "") -> ResponseReturnValue:
    state = request.args.get("state", "")
    asked, after = state if state in FILED else "", asked_after()
    found = cases.of_office(current_user.unit_id, state=asked, after=after, limit=PAGE + 1)
    page = render_template(
        "office/cases.html",
        page=page_of(found, after),
        states=[(code, word) for code, word in CASES.items() if code in FILED],
        asked=asked,
        selected=cases.of_office(current_user.unit_id, state=SELECTED, limit=200),
        ticked=set(request.form.getlist("case")),
        wrong=wrong,
    )
    return page, 422 if wrong else 200
