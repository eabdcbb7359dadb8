"""One urge: its paper, what the office does with it, what the unit answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.db import db
from tracker.permissions import UNIT_SIDE
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision import queries, states, urging
from tracker.supervision.lateness import Lateness
from tracker.supervision.models import Urge
from tracker.supervision.numbering import numbered
from tracker.supervision.reaching import hard_to_reach
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.urging import typed
from tracker.web.urging.own import is_urged, urge_of_office, urge_of_unit, urge_to_see
from tracker.web.urging.telling import tell_office, tell_unit

ONE = "/urges/<int(max=2147483647):urge_id>"

Wrong = Mapping[str, str]

pages = Blueprint("urge", __name__)


@pages.get(ONE)
@access("see urges")
def show(urge_id: int) -> ResponseReturnValue:
    return _page(urge_to_see(urge_id))


def _page(urge: Urge, *, wrong: Wrong | None = None) -> ResponseReturnValue:
    of_office = urge.office_id == current_user.unit_id
    page = render_template(
        "urging/urge.html",
        urge=urge,
        covered=queries.covered(urge.id),
        moves=queries.urge_moves(urge.id),
        to_answer=set(urging.to_answer(urge, today())),
        is_lacking=queries.lacks_reply(urge.id, today()),
        nothing_to_answer=urging.NOTHING_TO_ANSWER,
        late=Lateness(today(), workdays()),
        today=today(),
        prepares=of_office and current_user.may("prepare urges"),
        confirms=of_office and current_user.may("confirm urges"),
        answers=is_urged(urge),
        hard=hard_to_reach([urge.unit_id], roles=UNIT_SIDE).get(urge.unit_id) if of_office else "",
        typed=request.form,
        wrong=wrong or {},
    )
    return page, 422 if wrong else 200


@pages.post(f"{ONE}/amend")
@access("prepare urges")
def amend(urge_id: int) -> ResponseReturnValue:
    return _office_act(urge_id, "amend urge", _amend, done="已保存修改。", field="reason")


@pages.post(f"{ONE}/issue")
@access("confirm urges")
def issue(urge_id: int) -> ResponseReturnValue:
    """Sent as the form stands: what was typed is kept first."""
    return _office_act(urge_id, "issue urge", _issue, done="已发出催办单。", field="reason")


@pages.post(f"{ONE}/dismiss")
@access("confirm urges")
def dismiss(urge_id: int) -> ResponseReturnValue:
    def act(urge: Urge) -> None:
        urging.dismiss(urge, edge.by(), note=request.form.get("note", ""))

    return _office_act(urge_id, "dismiss urge", act, done="已记为不予催办。", field="dismiss")


@pages.post(f"{ONE}/withdraw")
@access("confirm urges")
def withdraw(urge_id: int) -> ResponseReturnValue:
    def act(urge: Urge) -> None:
        urging.withdraw(urge, edge.by(), note=request.form.get("note", ""))
        tell_unit(urge, edge.by())

    return _office_act(urge_id, "withdraw urge", act, done="已撤销催办单。", field="withdraw")


@pages.post(f"{ONE}/close")
@access("confirm urges")
def close(urge_id: int) -> ResponseReturnValue:
    def act(urge: Urge) -> None:
        urging.close(urge, edge.by(), note=request.form.get("note", ""))

    return _office_act(urge_id, "close urge", act, done="已办结催办单。", field="close")


def _amend(urge: Urge) -> None:
    given = typed.proposal(request.form)
    urging.amend(
        urge, edge.by(), words=given.reason, reply_by=given.day_or_refuse(), keep=given.keep
    )


def _issue(urge: Urge) -> None:
    given = typed.proposal(request.form)
    if given.differs_from(urge, queries.kept(urge.id)):
        _amend(urge)
    urging.issue(urge, edge.by(), workdays(), reply_workdays=in_force().reply_workdays)
    tell_unit(urge, edge.by())


def _office_act(
    urge_id: int, action: str, act: Callable[[Urge], None], *, done: str, field: str
) -> ResponseReturnValue:
    urge = urge_of_office(urge_id)
    try:
        act(urge)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(urge_of_office(urge_id), wrong={field: str(sentence)})
    edge.commit(action, _named(urge), urge=urge.id)
    flash(done)
    return redirect(url_for("urge.show", urge_id=urge.id))


def _named(urge: Urge) -> str:
    number = numbered(urge) or "拟催办"
    return f"{urge.unit_name} {number}"


@pages.post(f"{ONE}/acknowledge")
@access("answer urges")
def acknowledge(urge_id: int) -> ResponseReturnValue:
    urge = urge_of_unit(urge_id)
    if urge.state == states.SENT:
        urging.acknowledge(urge, edge.by())
        tell_office(urge, edge.by())
        edge.commit("acknowledge urge", _named(urge), urge=urge.id)
        flash("已签收，请在回复期限前逐项回复。")
    return redirect(url_for("urge.show", urge_id=urge.id))


@pages.post(f"{ONE}/reply")
@access("answer urges")
def reply(urge_id: int) -> ResponseReturnValue:
    urge = urge_of_unit(urge_id)
    given = typed.replies(request.form, urging.to_answer(urge, today()), today=today())
    if given.wrong:
        return _page(urge, wrong=given.wrong)
    try:
        urging.reply(urge, edge.by(), given.answers)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(urge_of_unit(urge_id), wrong={"reply": str(sentence)})
    tell_office(urge, edge.by())
    edge.commit("reply to urge", _named(urge), urge=urge.id)
    flash("回复已提交统筹单位。")
    return redirect(url_for("urge.show", urge_id=urge.id))
