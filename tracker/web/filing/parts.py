"""协办材料: asked for beside a report, given by the unit that was asked, sent back or cancelled."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.db import db
from tracker.papers.matter_letters import Told
from tracker.permissions import UNIT_SIDE
from tracker.reports import collected, parting
from tracker.reports.models import Part
from tracker.reports.parts import LONGEST_PART
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_unit, tell_units
from tracker.web.days import typed
from tracker.web.filing import records
from tracker.web.filing.reports import ONE, page as report_page
from tracker.web.filing.typed import version_in
from tracker.web.office import choosing

PART = "/parts/<int(max=2147483647):part_id>"
SHOWN = 200

pages = Blueprint("parts", __name__)


@pages.get("/parts")
@access("see own obligations")
def index() -> ResponseReturnValue:
    unit_id = current_user.unit_id
    return render_template(
        "filing/parts.html",
        wanted=collected.asked_of(unit_id, wanted=True, limit=SHOWN),
        given=collected.asked_of(unit_id, wanted=False),
    )


@pages.post(f"{ONE}/parts")
@access("file reports")
def ask(obligation_id: int) -> ResponseReturnValue:
    """The unit that owes the report asks; its own day does not move."""
    owed = records.to_write(obligation_id)
    unit_ids, unknown = choosing.units(request.form)
    try:
        if unknown:
            raise Forbidden(unknown)
        by = edge.by()
        number = parting.ask(
            [owed],
            unit_ids,
            by,
            words=request.form.get("words", ""),
            wanted_by=typed(request.form.get("wanted_by", "")),
        )
        step, words = "请提供协办材料", request.form.get("words", "")
        asked = Told(
            about=f"parts:{owed.id}", step=step, title=owed.title, lines=(words,), link="/parts"
        )
        tell_units(set(unit_ids), asked, by)
        edge.commit("ask for parts", f"obligation {obligation_id}", units=unit_ids)
    except Forbidden as sentence:
        db.session.rollback()
        return report_page(records.to_write(obligation_id), asking=str(sentence)), 422
    flash(f"已请{number}个单位提供协办材料。")
    return redirect(url_for("reports.show", obligation_id=obligation_id, _anchor="parts"))


@pages.get(PART)
@access("see own obligations")
def show(part_id: int) -> ResponseReturnValue:
    return _page(_asked(part_id))


@pages.post(PART)
@access("file reports")
def give(part_id: int) -> ResponseReturnValue:
    part = _asked(part_id)
    try:
        text, version = request.form.get("text", ""), version_in(request.form)
        by = edge.by()
        parting.give(part, by, text=text, version=version)
        link = url_for("reports.show", obligation_id=part.obligation_id)
        tell_unit(part.obligation.unit_id, _told(part, "已提供协办材料", part.unit.name, link), by)
        edge.commit("give part", f"part {part_id}")
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_asked(part_id), wrong=str(sentence))
    flash("已提供，材料会随对方的报告一并报送，并注明由本单位提供。")
    return redirect(url_for("parts.index"))


@pages.post(f"{PART}/send-back")
@access("file reports")
def send_back(part_id: int) -> ResponseReturnValue:
    part = _own(part_id)
    return _settled(part, "send back part", "已退回补充。")


@pages.post(f"{PART}/cancel")
@access("file reports")
def cancel(part_id: int) -> ResponseReturnValue:
    part = _own(part_id)
    return _settled(part, "cancel part", "已取消，这份材料不再随报告报送。")


def _settled(part: Part, action: str, done: str) -> ResponseReturnValue:
    back = url_for("reports.show", obligation_id=part.obligation_id, _anchor="parts")
    try:
        if action == "cancel part":
            parting.cancel(part)
            step = "不再需要协办材料"
        else:
            parting.send_back(part, note=request.form.get("note", ""))
            step = "退回补充协办材料"
        link = url_for("parts.show", part_id=part.id)
        tell_unit(part.unit_id, _told(part, step, part.note or part.words, link), edge.by())
        edge.commit(action, f"part {part.id}")
        flash(done)
    except Forbidden as sentence:
        db.session.rollback()
        flash(f"没有办理：{sentence}")
    return redirect(back)


def _told(part: Part, step: str, line: str, link: str) -> Told:
    title = part.obligation.title
    return Told(about=f"part:{part.id}", step=step, title=title, lines=(line,), link=link)


def _asked(part_id: int) -> Part:
    """For the unit that was asked."""
    part = collected.part(part_id)
    if part is None or part.unit_id != current_user.unit_id or not current_user.roles & UNIT_SIDE:
        abort(404)
    return part


def _own(part_id: int) -> Part:
    """For the unit that asked and owes the report."""
    part = collected.part(part_id)
    if part is None or part.obligation.unit_id != current_user.unit_id:
        abort(404)
    return part


def _page(part: Part, *, wrong: str = "") -> ResponseReturnValue:
    page = render_template(
        "filing/part.html",
        part=part,
        text=request.form.get("text", part.text),
        wrong=wrong,
        longest=LONGEST_PART,
        may_give=records.is_filer() and part.state != "cancelled",
    )
    return page, 422 if wrong else 200
