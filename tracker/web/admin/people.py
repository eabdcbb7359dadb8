"""人员: the list, a person's page, adding and changing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.permissions import ROLE_RULES, ROLES
from tracker.registry import people, queries
from tracker.registry.models import Person
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.forms import AddForm, ChangeForm, as_it_stands
from tracker.web.admin.words import PERSON_STATES, TABLES
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

SIGN_INS = 50

pages = Blueprint("people", __name__)


@pages.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(TABLES)


@pages.get("/people")
@access("keep people")
def index() -> ResponseReturnValue:
    words, state = request.args.get("words", "").strip()[:40], request.args.get("state", "")
    role, unit = request.args.get("role", ""), number_asked("unit")
    asked: dict[str, Any] = {
        "words": words,
        "unit": unit,
        "role": role if role in ROLES else "",
        "state": state if state in PERSON_STATES else "",
    }
    found = queries.people_like(
        words,
        after=asked_after(),
        limit=PAGE + 1,
        unit_id=unit,
        role=asked["role"],
        state=asked["state"],
    )
    page, units = page_of(found, asked_after()), queries.unit_choices()
    return render_template("admin/people.html", page=page, asked=asked, units=units)


@pages.get("/people/new")
@access("keep people")
def new() -> ResponseReturnValue:
    return _form(AddForm(formdata=None))


@pages.post("/people/new")
@access("keep people")
def add() -> ResponseReturnValue:
    form = AddForm()
    if not form.validate_on_submit():
        return _form(form, code=422)
    try:
        person, password = people.add(form.given(), ROLE_RULES)
    except people.Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, code=422)
    return _told_once(person, password, "add person")


@pages.get("/people/<int(max=2147483647):person_id>")
@access("keep people")
def person(person_id: int) -> ResponseReturnValue:
    return _page(_person(person_id))


@pages.get("/people/<int(max=2147483647):person_id>/edit")
@access("keep people")
def edit(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    return _form(as_it_stands(person), person)


@pages.post("/people/<int(max=2147483647):person_id>/edit")
@access("keep people")
def change(person_id: int) -> ResponseReturnValue:
    person, form = _person(person_id), ChangeForm()
    if form.version.data != str(person.version):
        form.version.data = str(person.version)
        return _form(form, person, conflict=True, code=409)
    if not form.validate_on_submit():
        return _form(form, person, code=422)
    try:
        people.change(person, form.given(), ROLE_RULES, by=current_user.id)
    except people.Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, person, code=422)
    edge.commit("change person", person.account, **_on_record(person))
    return _done(person_id, "已保存。")


@pages.post("/people/<int(max=2147483647):person_id>/lock")
@access("keep people")
def lock(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    try:
        people.lock(person, by=current_user.id)
    except people.Refused as refusal:
        return _page(person, refusal=str(refusal), code=422)
    edge.commit("lock person", person.account)
    return _done(person_id, "账号已停用，已打开的页面同时失效。")


@pages.post("/people/<int(max=2147483647):person_id>/unlock")
@access("keep people")
def unlock(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    people.unlock(person)
    edge.commit("unlock person", person.account)
    return _done(person_id, "账号已恢复使用。")


@pages.post("/people/<int(max=2147483647):person_id>/reset")
@access("keep people")
def reset(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    try:
        password = people.reset(person, by=current_user.id)
    except people.Refused as refusal:
        return _page(person, refusal=str(refusal), code=422)
    return _told_once(person, password, "reset password")


def _person(person_id: int) -> Person:
    return queries.person(person_id) or abort(404)


def _on_record(person: Person) -> dict[str, object]:
    return {
        "unit": person.unit_id,
        "email": person.email,
        "roles": sorted(role.role for role in person.roles),
    }


def _page(person: Person, *, refusal: str = "", code: int = 200) -> ResponseReturnValue:
    tries = queries.sign_ins_of(person.account, limit=SIGN_INS)
    page = render_template("admin/person.html", person=person, tries=tries, refusal=refusal)
    return page, code


def _told_once(person: Person, password: str, action: str) -> ResponseReturnValue:
    """Shown on this answer and nowhere kept: neither in the session nor in the log."""
    unit = queries.name_of_unit(person.unit_id)
    page = render_template("admin/first_password.html", person=person, unit=unit, password=password)
    edge.commit(action, person.account, **_on_record(person))
    return page


def _done(person_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("people.person", person_id=person_id))


def _form(
    form: ChangeForm, person: Person | None = None, *, conflict: bool = False, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "admin/person_form.html",
        form=form,
        person=person,
        conflict=conflict,
        units=queries.unit_choices(),
    )
    return page, code
