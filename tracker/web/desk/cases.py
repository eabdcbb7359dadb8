"""经验做法 of a unit: written, signed, put right; and the library that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import storage
from tracker.coordinating import cases, collecting
from tracker.coordinating.collecting import Written
from tracker.coordinating.experience import (
    ASK_MORE,
    CASE_TRANSITIONS,
    COMPILED,
    FILED,
    REWRITE,
    SIGNING,
)
from tracker.coordinating.models import Case
from tracker.db import db
from tracker.papers.matter_letters import Told
from tracker.permissions import FILER, SIGNER, UNIT_SIDE, Record, is_office_of
from tracker.registry.policies import may_sign_own
from tracker.reports import evidence
from tracker.reports.evidence import LARGEST, Rejected
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_office
from tracker.web.filing.evidence import AT_ONCE, folder
from tracker.web.filing.reports import ROOM
from tracker.web.limits import takes
from tracker.web.paging import PAGE, asked_after, number_in, page_of

ONE = "/cases/<int(max=2147483647):case_id>"

pages = Blueprint("cases", __name__)


@pages.get("/cases")
@access("see own obligations")
def index() -> ResponseReturnValue:
    return render_template("desk/cases.html", rows=cases.of_unit(current_user.unit_id))


@pages.get("/cases/new")
@access("file reports")
def new() -> ResponseReturnValue:
    return _form(None)


@pages.post("/cases/new")
@access("file reports")
@takes(content=AT_ONCE, text=ROOM)
def write() -> ResponseReturnValue:
    return _kept(None)


@pages.get(f"{ONE}/edit")
@access("file reports")
def edit(case_id: int) -> ResponseReturnValue:
    return _form(_to_rewrite(case_id))


@pages.post(f"{ONE}/edit")
@access("file reports")
@takes(content=AT_ONCE, text=ROOM)
def change(case_id: int) -> ResponseReturnValue:
    return _kept(_to_rewrite(case_id))


def _kept(case: Case | None) -> ResponseReturnValue:
    written = _written()
    wrong = (
        {"notice": "请选择所依据的通知或事项。"} if written is None else collecting.wrongs(written)
    )
    if written is None or wrong:
        return _form(case, wrong)
    by, case_id = edge.by(), case.id if case else 0
    try:
        if case is None:
            case = collecting.write(written, by, unit_id=current_user.unit_id)
        else:
            collecting.rewrite(case, written, by)
        taken = _files(case)
    except (Forbidden, Rejected) as sentence:
        db.session.rollback()
        return _form(cases.case(case_id) if case_id else None, {"files": str(sentence)})
    edge.commit("write case", written.title, case=case.id)
    for item in taken:
        storage.settle(folder(), item)
    flash("已提交本单位审签；审签后报送统筹单位。")
    return redirect(url_for("cases.show", case_id=case.id))


def _written() -> Written | None:
    """Under a measure of the unit's own, or under a notice that it has tasks of."""
    kind, _, number = request.form.get("about", "").partition("-")
    chosen = number_in(number) or 0
    measures = {row.id: row.notice_id for row in cases.measures_of(current_user.unit_id)}
    if kind == "measure" and chosen in measures:
        notice_id, measure_id = measures[chosen], chosen
    elif kind == "notice" and chosen in dict(cases.notices_of(current_user.unit_id)):
        notice_id, measure_id = chosen, None
    else:
        return None
    texts = {field: request.form.get(field, "") for field in collecting.LONGEST}
    return Written(notice_id=notice_id, measure_id=measure_id, **texts)


def _files(case: Case) -> list[str]:
    at, taken = edge.by().at, []
    for file in request.files.getlist("files"):
        if file.filename:
            data, unit_id = file.stream.read(LARGEST + 1), case.unit_id
            by = current_user.id
            item = evidence.take(
                data, file.filename, folder=folder(), unit_id=unit_id, by=by, at=at
            )
            collecting.back(case, [item])
            taken.append(item.sha256)
    return taken


def _form(case: Case | None, wrong: Mapping[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "desk/case_form.html",
        case=case,
        wrong=wrong or {},
        longest=collecting.LONGEST,
        notices=cases.notices_of(current_user.unit_id),
        measures=cases.measures_of(current_user.unit_id),
        files=cases.evidence(case.id) if case else [],
    )
    return page, 422 if wrong else 200


@pages.get(ONE)
@access("see reports")
def show(case_id: int) -> ResponseReturnValue:
    case = _to_see(case_id)
    record = Record(unit_id=case.unit_id, office_id=case.notice.office_id)
    inside = case.unit_id == current_user.unit_id
    return render_template(
        "desk/case.html",
        case=case,
        files=cases.evidence(case.id),
        moves=cases.moves(case.id) if inside or is_office_of(current_user.actor, record) else [],
        may_sign=inside and SIGNER in current_user.roles and case.state == SIGNING,
        may_write=inside
        and FILER in current_user.roles
        and (case.state, REWRITE) in CASE_TRANSITIONS,
        may_rule=current_user.may("rule cases")
        and case.notice.office_id == current_user.unit_id
        and case.state in FILED,
    )


@pages.post(f"{ONE}/sign")
@access("sign reports")
def sign(case_id: int) -> ResponseReturnValue:
    """审签报送, or back to who wrote it with what is missing."""
    case, sends_back = _own(case_id), request.form.get("action") == "back"
    try:
        if sends_back:
            if case.state != SIGNING:
                raise Forbidden("案例已经报送，不能退回修改。")
            collecting.rule(case, ASK_MORE, edge.by(), note=request.form.get("note", ""))
        else:
            by = edge.by()
            collecting.sign(case, by, may_sign_own=may_sign_own(case.unit_id))
            tell_office(case.notice.office_id, _filed(case), by)
        edge.commit("send back case" if sends_back else "sign case", case.title, case=case_id)
        flash("已退回修改。" if sends_back else "已审签报送统筹单位。")
    except Forbidden as sentence:
        db.session.rollback()
        flash(f"没有办理：{sentence}")
    return redirect(url_for("cases.show", case_id=case_id))


@pages.get("/library")
@access("see reports")
def library() -> ResponseReturnValue:
    words, after = request.args.get("words", "").strip()[:100], asked_after()
    found = cases.library(words=words, after=after, limit=PAGE + 1)
    return render_template(
        "desk/library.html",
        page=page_of(found, after),
        words=words,
        compilations=cases.compilations(),
    )


@pages.get("/compilations/<int(max=2147483647):compilation_id>")
@access("see reports")
def compilation(compilation_id: int) -> ResponseReturnValue:
    found = cases.compilation(compilation_id) or abort(404)
    return render_template(
        "desk/compilation.html", compilation=found, cases=cases.compiled_in(found.id)
    )


def _filed(case: Case) -> Told:
    return Told(
        about=f"case:{case.id}",
        waits_for=f"case:{case.id}",
        unit=case.unit.name,
        step="报送经验做法",
        title=case.title,
        link=url_for("cases.show", case_id=case.id),
    )


def _to_see(case_id: int) -> Case:
    """Its own people at any time, its office once it was filed, everybody once compiled."""
    case = cases.case(case_id) or abort(404)
    record = Record(unit_id=case.unit_id, office_id=case.notice.office_id)
    own = case.unit_id == current_user.unit_id and bool(current_user.roles & UNIT_SIDE)
    is_filed = case.filed_at is not None and case.state in FILED
    office = is_filed and is_office_of(current_user.actor, record)
    if not (own or office or case.state == COMPILED):
        abort(404)
    return case


def _own(case_id: int) -> Case:
    case = cases.case(case_id) or abort(404)
    if case.unit_id != current_user.unit_id:
        abort(404)
    return case


def _to_rewrite(case_id: int) -> Case:
    case = _own(case_id)
    return case if (case.state, REWRITE) in CASE_TRANSITIONS else abort(404)
