"""职责承接: the office writes down who took over from whom, and mends what was written."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.registry import editing, queries
from tracker.registry.models import Succession, Unit
from tracker.registry.people import Refused
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.unit_forms import HandOverForm, NewHandOverForm, hand_over_as_it_stands
from tracker.web.admin.units import done, found

pages = Blueprint("successions", __name__)


@pages.get("/units/<int(max=2147483647):unit_id>/successions/new")
@access("keep units")
def new(unit_id: int) -> ResponseReturnValue:
    unit = found(unit_id)
    return _form(NewHandOverForm(formdata=None, version=str(unit.version)), unit)


@pages.post("/units/<int(max=2147483647):unit_id>/successions/new")
@access("keep units")
def add(unit_id: int) -> ResponseReturnValue:
    unit, form = found(unit_id), NewHandOverForm()
    if not form.validate_on_submit():
        return _form(form, unit, code=422)
    try:
        _write_down(unit, form)
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, unit, code=422)
    edge.commit("add succession", unit.name, other=form.other.data)
    return done(unit_id, "职责承接已登记。")


def _write_down(unit: Unit, form: NewHandOverForm) -> None:
    name = (form.other.data or "").strip()
    other = queries.units_named([name]).get(name)
    if other is None:
        raise Refused({"other": "名录中没有这个单位，请填写单位全称。"})
    old, new = (unit, other) if form.direction.data == "to" else (other, unit)
    editing.add_succession(unit, old, new, form.given())


@pages.get("/units/<int(max=2147483647):unit_id>/successions/<int(max=2147483647):succession_id>")
@access("keep units")
def edit(unit_id: int, succession_id: int) -> ResponseReturnValue:
    unit, succession = found(unit_id), _succession(unit_id, succession_id)
    return _form(hand_over_as_it_stands(unit, succession), unit, succession)


@pages.post("/units/<int(max=2147483647):unit_id>/successions/<int(max=2147483647):succession_id>")
@access("keep units")
def change(unit_id: int, succession_id: int) -> ResponseReturnValue:
    unit, succession = found(unit_id), _succession(unit_id, succession_id)
    form = HandOverForm()
    if form.version.data != str(unit.version):
        form.version.data = str(unit.version)
        return _form(form, unit, succession, conflict=True, code=409)
    if not form.validate_on_submit():
        return _form(form, unit, succession, code=422)
    editing.change_succession(unit, succession, form.given())
    edge.commit("change succession", unit.name, succession=succession_id)
    return done(unit_id, "职责承接已保存。")


def _succession(unit_id: int, succession_id: int) -> Succession:
    succession = db.session.get(Succession, succession_id)
    if succession is None or unit_id not in (succession.old_id, succession.new_id):
        abort(404)
    return succession


def _form(
    form: HandOverForm,
    unit: Unit,
    succession: Succession | None = None,
    *,
    conflict: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "admin/succession_form.html",
        form=form,
        unit=unit,
        succession=succession,
        old=queries.name_of_unit(succession.old_id) if succession else "",
        new=queries.name_of_unit(succession.new_id) if succession else "",
        units=queries.unit_choices(),
        conflict=conflict,
    )
    return page, code
