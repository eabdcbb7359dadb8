"""A draft: looked at, answered, confirmed or dropped."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker import storage
from tracker.clock import today
from tracker.db import db
from tracker.notices import queries
from tracker.notices.drafting import Draft
from tracker.notices.handing_in import DRAFT, DROPPED, Settled, draft_of
from tracker.notices.importing import Refused
from tracker.notices.models import Source
from tracker.registry.queries import roster
from tracker.web import edge
from tracker.web.access import access
from tracker.web.office import answers, overview
from tracker.web.office.confirming import confirm
from tracker.web.paging import number_asked

CHANGED = "回答有改动，已重新计算。请核对将产生的任务数后，再点一次“确认导入”。"
CONFLICT = (
    "您打开本页之后，有人改过这份草稿，本次没有保存。请对照下方“他人已存”的回答，核对后再保存。"
)
ROWS = 200

pages = Blueprint("drafts", __name__)


@pages.get("/imports/<int(max=2147483647):source_id>")
@access("import notices")
def show(source_id: int) -> ResponseReturnValue:
    source = _source(source_id)
    if source.state != DRAFT:
        notices = queries.notices_of_source(source.id)
        return render_template("office/source.html", source=source, notices=notices)
    return overview.page(source, _data(source), Settled.of(source))


@pages.post("/imports/<int(max=2147483647):source_id>")
@access("import notices")
def answer(source_id: int) -> ResponseReturnValue:
    source = _source(source_id)
    if source.state != DRAFT:
        return redirect(url_for("drafts.show", source_id=source_id))
    given = answers.given(request.form, roster())
    if request.form.get("version", type=int) != source.version:
        return _conflict(source, given)
    if given.errors:
        return overview.page(source, _data(source), given.settled, errors=given.errors), 422
    try:
        return _kept(source, given.settled)
    except StaleDataError:
        db.session.rollback()
        return _conflict(_source(source_id), given)


def _kept(source: Source, settled: Settled) -> ResponseReturnValue:
    """Save; and confirm, unless the answers changed what the person was shown."""
    before, source_id = Settled.of(source), source.id
    source.decisions = settled.as_text()
    counted_anew = (before.names, before.scopes) != (settled.names, settled.scopes)
    if request.form.get("action") == "confirm" and not counted_anew:
        return _confirmed(source, settled)
    edge.commit("answer draft", str(source_id))
    flash(CHANGED if request.form.get("action") == "confirm" else "已保存，任务数已重新计算。")
    return redirect(url_for("drafts.show", source_id=source_id))


def _confirmed(source: Source, settled: Settled) -> ResponseReturnValue:
    source_id, data = source.id, _data(source)
    try:
        adopted = confirm(source, data, on=today())
        edge.commit("confirm notice", str(source_id), entered=len(adopted.entered))
    except Refused as sentence:
        db.session.rollback()
        return overview.page(_source(source_id), data, settled, refusal=str(sentence)), 422
    flash(f"导入完成：新建通知{len(adopted.entered)}件，补载原文{adopted.filled}项。")
    return redirect(url_for("drafts.show", source_id=source_id))


def _conflict(source: Source, given: answers.Given) -> ResponseReturnValue:
    page = overview.page(
        source,
        _data(source),
        given.settled,
        errors=given.errors,
        refusal=CONFLICT,
        theirs=Settled.of(source),
    )
    return page, 409


@pages.post("/imports/<int(max=2147483647):source_id>/drop")
@access("import notices")
def drop(source_id: int) -> ResponseReturnValue:
    source = _source(source_id)
    if source.state == DRAFT:
        source.state = DROPPED
        edge.commit("drop draft", str(source_id))
        flash("草稿已放弃。需要时重新上传同一文件，可继续处理。")
    return redirect(url_for("uploading.index"))


@pages.get("/imports/<int(max=2147483647):source_id>/findings/<code>")
@access("import notices")
def findings(source_id: int, code: str) -> ResponseReturnValue:
    source = _source(source_id)
    found = [f for f in _draft(source).findings if f.code == code] or abort(404)
    start = number_asked("after") or 0
    return render_template(
        "office/findings.html", source=source, code=code, found=found, start=start, rows=ROWS
    )


@pages.get("/imports/<int(max=2147483647):source_id>/measures")
@access("import notices")
def measures(source_id: int) -> ResponseReturnValue:
    source = _source(source_id)
    draft = _draft(source)
    start = number_asked("after") or 0
    return render_template(
        "office/measures.html",
        source=source,
        draft=draft,
        found=list(draft.measures),
        start=start,
        rows=ROWS,
    )


def _draft(source: Source) -> Draft:
    return draft_of(_data(source), Settled.of(source))


def _source(source_id: int) -> Source:
    return queries.source(source_id) or abort(404)


def _data(source: Source) -> bytes:
    try:
        return storage.fetch(current_app.config["TRACKER"].sources, source.sha256)
    except FileNotFoundError:
        flash("原文件已不在本机，请重新上传同一文件，原有回答会保留。")
        abort(redirect(url_for("uploading.index")))
