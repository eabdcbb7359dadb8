"""职责承接: the office writes down who took over from whom, and mends what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.clock import today
from tracker.db import db
from tracker.registry import editing, queries
from tracker.registry.models import Succession, Unit
from tracker.registry.people import Refused
from tracker.reports import queries as reports
from tracker.tasks import reorganising
from tracker.tasks.reorganising import Change
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.unit_forms import HandOverForm, NewHandOverForm, hand_over_as_it_stands
from tracker.web.admin.units import done, found

SHOWN = 50

pages = Blueprint("successions", __name__)


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a hand-over would move, in a sentence and as the first rows."""

    sentence: str
    rows: Sequence[Any]
    heirs: Mapping[int, str]
    more: int
    is_later: bool


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
        if _tries():
            return _form(form, unit, tried=_foreseen(form, lambda: _write_down(unit, form)))
        _write_down(unit, form)
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, unit, code=422)
    moved = _settle()
    edge.commit("add succession", unit.name, other=form.other.data, moved=len(moved))
    return done(unit_id, f"职责承接已登记。{reorganising.in_words(moved)}")


def _tries() -> bool:
    return request.form.get("action") == "preview"


def _foreseen(form: HandOverForm, write: Callable[[], object]) -> Foreseen:
    """What would move once the day has come."""
    day = max(form.day.data or today(), today())
    changes = reorganising.foreseen(day, write)
    rows = reports.owed_named([change.obligation_id for change in changes[:SHOWN]])
    heirs = queries.names_of_units([change.unit_id for change in changes if change.unit_id])
    return Foreseen(
        sentence=reorganising.in_words(changes),
        rows=rows,
        heirs={c.obligation_id: heirs.get(c.unit_id or 0, "待明确") for c in changes[:SHOWN]},
        more=max(0, len(changes) - SHOWN),
        is_later=day > today(),
    )


def _settle() -> list[Change]:
    return reorganising.settle(today(), edge.by(), queries.workdays())


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
    return _changed(unit, succession, form)


def _changed(unit: Unit, succession: Succession, form: HandOverForm) -> ResponseReturnValue:
    """Saved, taken back, or only tried out: `action` says which."""
    unit_id, succession_id = unit.id, succession.id
    removes = "remove" in request.form.get("action", "")

    def write() -> None:
        if removes:
            editing.remove_succession(unit, succession)
        else:
            editing.change_succession(unit, succession, form.given())

    if _tries() or request.form.get("action") == "preview-remove":
        tried = _foreseen(form, write)
        return _form(form, unit, succession, tried=tried, removes=removes)
    write()
    moved = _settle()
    action = "remove succession" if removes else "change succession"
    edge.commit(action, unit.name, succession=succession_id, moved=len(moved))
    word = "撤销" if removes else "保存"
    return done(unit_id, f"职责承接已{word}。{reorganising.in_words(moved)}")


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
    tried: Foreseen | None = None,
    removes: bool = False,
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
        tried=tried,
        removes=removes,
    )
    return page, code
