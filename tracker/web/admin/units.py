"""单位维护: the office adds a unit, and edits its particulars and aliases."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.registry import editing, queries
from tracker.registry.models import Alias, Unit
from tracker.registry.people import Refused
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.unit_forms import AliasForm, NewUnitForm, UnitForm, unit_as_it_stands

pages = Blueprint("unit_editing", __name__)


@pages.get("/units/new")
@access("keep units")
def new() -> ResponseReturnValue:
    return _form(NewUnitForm(queries.cities(), formdata=None))


@pages.post("/units/new")
@access("keep units")
def add() -> ResponseReturnValue:
    form = NewUnitForm(queries.cities())
    if not form.validate_on_submit():
        return _form(form, code=422)
    try:
        unit = editing.add_unit((form.name.data or "").strip(), form.given())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, code=422)
    unit_id = unit.id
    edge.commit("add unit", unit.name)
    return done(unit_id, "单位已新增。")


@pages.get("/units/<int(max=2147483647):unit_id>/edit")
@access("keep units")
def edit(unit_id: int) -> ResponseReturnValue:
    unit = found(unit_id)
    return _form(unit_as_it_stands(unit, queries.cities()), unit)


@pages.post("/units/<int(max=2147483647):unit_id>/edit")
@access("keep units")
def change(unit_id: int) -> ResponseReturnValue:
    unit, form = found(unit_id), UnitForm(queries.cities())
    if form.version.data != str(unit.version):
        form.version.data = str(unit.version)
        return _form(form, unit, conflict=True, code=409)
    if not form.validate_on_submit():
        return _form(form, unit, code=422)
    try:
        editing.change_unit(unit, form.given())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, unit, code=422)
    edge.commit("change unit", unit.name)
    return done(unit_id, "单位资料已保存。")


@pages.post("/units/<int(max=2147483647):unit_id>/aliases")
@access("keep units")
def add_alias(unit_id: int) -> ResponseReturnValue:
    unit, form = found(unit_id), AliasForm()
    if not form.validate_on_submit():
        return _edit_page(unit, form)
    name = (form.name.data or "").strip()
    try:
        editing.add_alias(unit, name, (form.source.data or "").strip())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _edit_page(unit, form)
    edge.commit("add alias", f"{unit.name}：{name}")
    flash("别称已登记。")
    return redirect(url_for("unit_editing.edit", unit_id=unit_id))


@pages.post("/units/<int(max=2147483647):unit_id>/aliases/<int(max=2147483647):alias_id>/remove")
@access("keep units")
def remove_alias(unit_id: int, alias_id: int) -> ResponseReturnValue:
    unit, alias = found(unit_id), db.session.get(Alias, alias_id)
    if alias is None or alias.unit_id != unit.id:
        abort(404)
    name = alias.name
    editing.remove_alias(unit, alias)
    edge.commit("remove alias", f"{unit.name}：{name}")
    flash("别称已删除。")
    return redirect(url_for("unit_editing.edit", unit_id=unit_id))


def found(unit_id: int) -> Unit:
    return queries.unit(unit_id) or abort(404)


def done(unit_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("units.unit", unit_id=unit_id))


def _edit_page(unit: Unit, alias_form: AliasForm) -> ResponseReturnValue:
    return _form(unit_as_it_stands(unit, queries.cities()), unit, alias_form=alias_form, code=422)


def _form(
    form: UnitForm,
    unit: Unit | None = None,
    *,
    alias_form: AliasForm | None = None,
    conflict: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "admin/unit_form.html",
        form=form,
        alias_form=alias_form or AliasForm(formdata=None),
        unit=unit,
        aliases=queries.aliases_of(unit.id) if unit else [],
        units=queries.unit_choices(),
        conflict=conflict,
    )
    return page, code
