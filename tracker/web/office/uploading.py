"""导入通知: handing a document in, and the documents handed in so far."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.clock import day_of, now
from tracker.config import Settings
from tracker.db import take_in_alone
from tracker.notices import queries
from tracker.notices.handing_in import CONFIRMED, DRAFT, hand_in
from tracker.notices.models import Source
from tracker.notices.reading.files import LARGEST, TOO_LARGE, Unreadable
from tracker.web import edge
from tracker.web.access import access
from tracker.web.office.forms import UploadForm
from tracker.web.words import day

pages = Blueprint("uploading", __name__)


@pages.get("/imports")
@access("import notices")
def index() -> ResponseReturnValue:
    return _page(UploadForm(formdata=None))


@pages.post("/imports")
@access("import notices")
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(form, code=422)
    data = form.file.data.stream.read(LARGEST + 1)
    name = form.file.data.filename or "未命名文件"
    settings: Settings = current_app.config["TRACKER"]
    take_in_alone()
    try:
        source = hand_in(
            data, name, folder=settings.sources, by=current_user.name[:40], at=(at := now())
        )
    except Unreadable as sentence:
        return _page(form, refusal=str(sentence), code=422)
    known, source_id = _known(source, is_new=source.received_at == at), source.id
    edge.commit("hand in notice", str(source_id), sha256=source.sha256)
    if known:
        flash(known)
    return redirect(url_for("drafts.show", source_id=source_id))


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _page(UploadForm(formdata=None), refusal=TOO_LARGE, code=413)


def _known(source: Source, *, is_new: bool) -> str:
    """What to say where the same file was handed in before."""
    when = day(day_of(source.received_at))
    if source.state == CONFIRMED:
        return f"这份文件已由{source.received_by}于{when}交来并导入，不必重复导入。"
    return "" if is_new else f"这份文件已由{source.received_by}于{when}交来，请继续处理原有草稿。"


def _page(form: UploadForm, *, refusal: str = "", code: int = 200) -> ResponseReturnValue:
    state = DRAFT if request.args.get("state") == DRAFT else ""
    page = render_template(
        "office/imports.html",
        form=form,
        refusal=refusal,
        sources=queries.sources(state),
        state=state,
    )
    return page, code
