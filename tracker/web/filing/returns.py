"""回报表: what a unit owes as a workbook, filled in offline and handed back."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadData, TimestampSigner

from tracker.clock import today
from tracker.notices.reading.unreadable import Unreadable
from tracker.papers import return_reading
from tracker.papers.cells import WrongCell, annotated
from tracker.papers.return_form import form_book
from tracker.papers.return_keys import Form
from tracker.papers.return_reading import Filled
from tracker.papers.return_words import MOST
from tracker.reports import desk, returns
from tracker.web import downloads, edge
from tracker.web.access import access
from tracker.web.limits import takes

LARGEST = 4 * 1024 * 1024
# The annotated copy comes back from the result page in letters, which are longer than bytes.
ROOM = 8 * 1024 * 1024
GOOD_FOR = 4 * 60 * 60
NO_FILE = "请选择填好的回报表。"
TOO_LARGE = "文件超过4 MB，请只保留回报表后重新上传。"

pages = Blueprint("returns", __name__)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of an upload, for the page."""

    taken: int
    already: int
    unmended: int
    untouched: int
    blank: int
    wrong: Sequence[WrongCell]
    copy: str

    @property
    def said(self) -> list[str]:
        counted = (
            (self.taken, "项已送审，等待本单位审签人审签，审签后才算报送。"),
            (self.already, "项此前已收取，没有重复收取。"),
            (self.unmended, "项退回后没有修改，没有收取。"),
            (self.untouched, "行下载后未改动，没有收取；其中草稿已定稿的，请在网页上送审。"),
            (self.blank, "行没有填写，没有收取。"),
        )
        return [f"{number}{words}" for number, words in counted if number]


@pages.get("/returns")
@access("file reports")
def index() -> ResponseReturnValue:
    return _page()


@pages.get("/returns/form.xlsx")
@access("file reports")
def form() -> ResponseReturnValue:
    rows = desk.progress_to_write(current_user.unit_id, limit=MOST) or abort(404)
    given = Form(
        unit_id=current_user.unit_id, number=secrets.token_hex(4), issued=today().isoformat()
    )
    data = form_book(_secret(), given, current_user.unit, rows)
    return downloads.workbook(data, f"回报表{given.issued}.xlsx")


@pages.post("/returns")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def upload() -> ResponseReturnValue:
    """Right rows go to the signer; every wrong cell is named and waits."""
    file = request.files.get("file")
    data = file.stream.read(LARGEST + 1) if file and file.filename else b""
    if not data or len(data) > LARGEST:
        return _page(refusal=TOO_LARGE if data else NO_FILE)
    try:
        filled = return_reading.read(data, _secret(), current_user.unit_id)
    except Unreadable as sentence:
        return _page(refusal=str(sentence))
    outcome = returns.take(current_user.unit_id, filled.rows, edge.by(), held=filled.held)
    if outcome.taken:
        edge.commit("take return", f"return {filled.form.number}", taken=len(outcome.taken))
    return _told(_result(data, filled, outcome))


def _result(data: bytes, filled: Filled, outcome: returns.Outcome) -> Result:
    wrong = [*filled.wrong]
    for number, found in outcome.wrong.items():
        wrong += filled.wrong_in(number, found)
    wrong = return_reading.in_order(wrong)
    return Result(
        taken=len(outcome.taken),
        already=len(outcome.already),
        unmended=len(outcome.unmended),
        untouched=filled.untouched,
        blank=filled.blank,
        wrong=wrong,
        copy=_sealed(data, wrong) if wrong else "",
    )


def _told(result: Result) -> ResponseReturnValue:
    if result.wrong:
        return _page(result=result)
    flash("".join(result.said) or "表中没有填写内容。")
    return redirect(url_for("returns.index"))


def _sealed(data: bytes, wrong: Sequence[WrongCell]) -> str:
    """The copy with what to write beside each wrong cell, held by the result page."""
    copy = annotated(data, wrong)
    return _signer().sign(base64.b64encode(copy)).decode() if copy else ""


@pages.post("/returns/annotated.xlsx")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def copy() -> ResponseReturnValue:
    """Gives back as a file what the result page holds; nothing of it is kept here."""
    try:
        held = _signer().unsign(request.form.get("copy", ""), max_age=GOOD_FOR)
    except BadData:
        abort(400)
    return downloads.workbook(base64.b64decode(held), "回报表批注件.xlsx")


def _signer() -> TimestampSigner:
    return TimestampSigner(_secret(), salt="annotated return")


def _secret() -> str:
    return str(current_app.secret_key or "")


def _page(*, result: Result | None = None, refusal: str = "") -> ResponseReturnValue:
    number = desk.number_to_write(current_user.unit_id)
    page = render_template(
        "filing/returns.html", number=number, most=MOST, result=result, refusal=refusal
    )
    return page, 422 if result or refusal else 200
