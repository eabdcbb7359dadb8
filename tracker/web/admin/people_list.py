"""按名单新增: the Excel form, its upload, and first passwords told once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.notices.reading.unreadable import Unreadable
from tracker.papers.cells import WrongCell
from tracker.registry import people
from tracker.registry.models import Person
from tracker.registry.people import Given
from tracker.web import downloads, edge
from tracker.web.access import access
from tracker.web.admin import listing
from tracker.web.admin.forms import ListForm

GOOD_FOR = 30 * 60
AT_THE_SAME_MOMENT = "名单中有账号刚被他人使用，全部没有新增，请重新上传。"

pages = Blueprint("people_list", __name__)


@pages.get("/people/list")
@access("keep people")
def index() -> ResponseReturnValue:
    return _page(ListForm(formdata=None))


@pages.get("/people/list/template.xlsx")
@access("keep people")
def template() -> ResponseReturnValue:
    return downloads.workbook(listing.template(), "人员名单模板.xlsx")


@pages.post("/people/list")
@access("keep people")
def upload() -> ResponseReturnValue:
    form = ListForm()
    if not form.validate_on_submit():
        return _page(form, code=422)
    try:
        given, wrong = listing.read(form.file.data.stream.read(listing.LARGEST + 1))
    except Unreadable as sentence:
        return _page(form, refusal=str(sentence), code=422)
    if wrong:
        return _page(form, wrong=wrong, code=422)
    try:
        rows = [_row(*made) for made in zip(given, people.add_all(given), strict=True)]
    except IntegrityError:
        db.session.rollback()
        return _page(form, refusal=AT_THE_SAME_MOMENT, code=422)
    edge.commit("add people", f"{len(rows)}人", accounts=[row[0] for row in rows])
    return render_template("admin/people_added.html", rows=rows, sealed=_sealer().dumps(rows))


@pages.post("/people/list/passwords")
@access("keep people")
def passwords() -> ResponseReturnValue:
    """Gives back as a file what the result page holds; nothing of it is kept here."""
    try:
        rows = _sealer().loads(request.form.get("sealed", ""), max_age=GOOD_FOR)
    except BadData:
        abort(400)
    edge.commit("first passwords", f"{len(rows)}人")
    return downloads.workbook(listing.passwords(rows), "初始密码.xlsx")


def _row(given: Given, made: tuple[Person, str]) -> tuple[str, str, str, str]:
    person, password = made
    return person.account, person.name, given.unit.name if given.unit else "", password


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="first passwords")


def _page(
    form: ListForm, *, wrong: Sequence[WrongCell] = (), refusal: str = "", code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "admin/people_list.html", form=form, wrong=wrong, refusal=refusal, most=listing.MOST
    )
    return page, code
