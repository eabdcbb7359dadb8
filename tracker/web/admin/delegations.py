"""代理: whom a signer has named to sign in their place, and for which days."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, SelectField, ValidationError

from tracker.clock import today
from tracker.db import db
from tracker.permissions import ADMINISTRATORS
from tracker.registry import delegating, queries
from tracker.registry.delegating import Asked
from tracker.registry.models import Delegation, Person
from tracker.registry.people import Refused
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.forms import TellingForm, options
from tracker.web.forms import needed

pages = Blueprint("delegations", __name__)


class DelegationForm(TellingForm):
    stand_in = SelectField("代理人", coerce=int, validate_choice=False)
    first_day = DateField("开始日期", [needed("开始日期")])
    last_day = DateField("结束日期", [needed("结束日期")])

    def validate_stand_in(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("请选择代理人。")

    def asked(self) -> Asked:
        return Asked(
            stand_in_id=int(self.stand_in.data),
            first_day=cast(date, self.first_day.data),
            last_day=cast(date, self.last_day.data),
        )


@pages.get("/delegations")
@access("delegate")
def index() -> ResponseReturnValue:
    return _page(DelegationForm(formdata=None))


@pages.post("/delegations")
@access("delegate")
def delegate() -> ResponseReturnValue:
    form = _with_choices(DelegationForm())
    if not form.validate_on_submit():
        return _page(form, code=422)
    try:
        made = delegating.delegate(_signer(), form.asked(), today=today())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _page(form, code=422)
    edge.commit("delegate", str(made.stand_in_id), until=made.last_day.isoformat())
    flash("代理已设置，到期自动失效。")
    return redirect(url_for("delegations.index"))


@pages.post("/delegations/<int(max=2147483647):delegation_id>/end")
@access("delegate")
def end(delegation_id: int) -> ResponseReturnValue:
    found = db.session.get(Delegation, delegation_id)
    if found is None or found.signer_id != current_user.id:
        abort(404)
    if delegating.end(found, today=today()):
        edge.commit("end delegation", str(found.stand_in_id))
        flash("代理已结束，立即生效。")
    return redirect(url_for("delegations.index"))


def _signer() -> Person:
    return queries.person(current_user.id) or abort(404)


def _with_choices(form: DelegationForm) -> DelegationForm:
    form.stand_in.choices = options(delegating.stand_ins(_signer(), never=ADMINISTRATORS))
    return form


def _page(form: DelegationForm, code: int = 200) -> ResponseReturnValue:
    listed = queries.delegations_of(current_user.id)
    form = _with_choices(form)
    page = render_template("admin/delegations.html", form=form, listed=listed, day=today())
    return page, code
