"""Sign-in, sign-out and 修改密码."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from tracker.clock import now
from tracker.db import db
from tracker.registry import accounts, queries
from tracker.web import edge, visitors
from tracker.web.access import OWN_ACCOUNT, access, safe_next
from tracker.web.auth.forms import PasswordForm, SignInForm

REFUSALS = {
    accounts.WRONG: "账号或密码不正确。",
    accounts.HELD: "登录失败次数过多，请15分钟后再试，或联系系统管理员。",
    accounts.LOCKED: "该账号已停用，请联系系统管理员。",
}
SIGN_IN = {
    accounts.OK: "sign in",
    accounts.WRONG: "sign in wrong",
    accounts.HELD: "sign in held",
    accounts.LOCKED: "sign in locked",
}

pages = Blueprint("auth", __name__)


@pages.get("/sign-in")
@access(None)
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("auth/sign_in.html", form=form, refusal="")


@pages.post("/sign-in")
@access(None)
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form, refusal=""), 422
    address = request.remote_addr or ""
    account, password = (form.account.data or "").strip(), form.password.data or ""
    attempt = accounts.claim(account, address=address, at=now())
    db.session.commit()  # counted before it is judged, so that tries side by side all count
    result = accounts.judge(attempt, password)
    visitor = visitors.visitor_of(result.person) if result.person else None
    edge.commit_as(attempt.account, SIGN_IN[result.outcome], attempt.account)
    if visitor is None:
        refusal = REFUSALS[result.outcome]
        return render_template("auth/sign_in.html", form=form, refusal=refusal), 422
    visitors.enter(visitor)
    return redirect(safe_next(form.next.data))


@pages.post("/sign-out")
@access(OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    edge.commit("sign out", current_user.account)
    logout_user()
    session.clear()
    flash("已退出登录。")
    return redirect(url_for("auth.sign_in"))


@pages.route("/password", methods=["GET", "POST"])
@access(OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    person = queries.person(current_user.id) or abort(404)
    form = PasswordForm(person)
    if not form.validate_on_submit():
        code = 422 if form.is_submitted() else 200
        rule = accounts.rule_in_words()
        return render_template("auth/password.html", form=form, rule=rule), code
    accounts.set_password(person, form.new.data or "")
    visitor = visitors.visitor_of(person)
    edge.commit("change password", person.account)
    visitors.renew(visitor)
    flash("密码已修改。")
    return redirect(url_for("home.home"))
