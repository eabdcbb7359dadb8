"""安全策略: what passwords and sessions must be, and which units may sign what they wrote."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from tracker.registry import queries
from tracker.registry.policies import BOUNDS, NUMBERS, Policies, policies, set_policies
from tracker.web import edge
from tracker.web.access import access
from tracker.web.forms import Form, WholeNumber, at_most, needed

MOST_UNITS = 200

pages = Blueprint("policies", __name__)


def number(label: str, what: str) -> StringField:
    return StringField(label, [needed(what), WholeNumber(BOUNDS)])


class PolicyForm(Form):
    shortest_password = number("密码最短长度（字符）", "密码最短长度")
    kinds_needed = number("密码须含的字符种类（大写、小写、数字、符号）", "字符种类")
    failures_before_lock = number("连续失败几次后暂缓登录15分钟", "失败次数")
    idle_minutes = number("无操作自动退出（分钟）", "自动退出时间")
    may_sign_own = TextAreaField("可由同一人填报并审签的单位", [at_most(20_000)])
    seen = HiddenField()

    def validate_may_sign_own(self, field: TextAreaField) -> None:
        names = _names(field.data)
        if len(names) > MOST_UNITS:
            raise ValidationError(f"不能超过{MOST_UNITS}个单位。")
        known = queries.units_named(names)
        if unknown := [name for name in names if name not in known]:
            raise ValidationError(f"名录中没有：{'、'.join(unknown)[:200]}。请填写单位全称。")


@pages.get("/policies")
@access("keep policies")
def index() -> ResponseReturnValue:
    return _page(_as_they_stand())


@pages.post("/policies")
@access("keep policies")
def save() -> ResponseReturnValue:
    form = PolicyForm()
    if form.seen.data != _mark(policies()):
        form.seen.data = _mark(policies())
        return _page(form, conflict=_as_they_stand(), code=409)
    if not form.validate_on_submit():
        return _page(form, code=422)
    units = queries.units_named(_names(form.may_sign_own.data)).values()
    numbers = {name: int(form[name].data) for name in NUMBERS}
    changed = set_policies(numbers=numbers, may_sign_own={unit.id for unit in units})
    named = "、".join(form[name].label.text for name in changed)
    edge.commit("set policies", named[:200] or "没有改动", **changed)
    flash("安全策略已保存，立即生效。")
    return redirect(url_for("policies.index"))


def _names(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _as_they_stand() -> PolicyForm:
    now = policies()
    names = (name for unit_id, name in queries.unit_choices() if unit_id in now.may_sign_own)
    numbers = {name: str(getattr(now, name)) for name in NUMBERS}
    return PolicyForm(formdata=None, **numbers, may_sign_own="\n".join(names), seen=_mark(now))


def _mark(now: Policies) -> str:
    """Tells whether somebody changed a setting since the form was opened."""
    told = [getattr(now, name) for name in NUMBERS] + sorted(now.may_sign_own)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _page(
    form: PolicyForm, *, conflict: PolicyForm | None = None, code: int = 200
) -> ResponseReturnValue:
    page = render_template("admin/policies.html", form=form, conflict=conflict, bounds=BOUNDS)
    return page, code
