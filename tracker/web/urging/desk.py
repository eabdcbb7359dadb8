"""催办: the office's desk, stage by stage; many proposals are confirmed at once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.db import db
from tracker.permissions import UNIT_SIDE
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision import queries, states, urging
from tracker.supervision.models import Urge
from tracker.supervision.reaching import hard_to_reach
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, numbers_in, page_of
from tracker.web.urging.telling import tell_unit, untold

STAGES = (
    states.PROPOSED,
    states.SENT,
    states.ACKNOWLEDGED,
    states.ANSWERED,
    states.CLOSED,
    states.WITHDRAWN,
    states.DISMISSED,
)
MOST_AT_ONCE = 100
CHANGED = "打开列表之后有变化，请刷新页面后再看。"

pages = Blueprint("urging", __name__)


@pages.get("/urges")
@access("prepare urges")
def index() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    state = asked if asked in STAGES else states.PROPOSED
    after = asked_after()
    found = queries.urges_of_office(
        current_user.unit_id, state, day=today(), after=after, limit=PAGE + 1
    )
    page = page_of(found, after)
    return render_template(
        "urging/desk.html",
        page=page,
        hard=hard_to_reach({row.unit_id for row in page.rows}, roles=UNIT_SIDE),
        state=state,
        stages=STAGES,
        counts=queries.counts_by_state(current_user.unit_id),
        settings=in_force(),
        confirms=current_user.may("confirm urges"),
    )


@pages.post("/urges/issue")
@access("confirm urges")
def issue() -> ResponseReturnValue:
    """Each ticked proposal by itself: one that cannot be sent does not hold up the others."""
    sent, refused = [], []
    for urge, version in _ticked():
        refusal = _issued(urge, version)
        (refused.append(f"{urge.unit_name}：{refusal}") if refusal else sent.append(urge))
    if sent:
        edge.commit("issue urge", f"{len(sent)}份", urges=[urge.id for urge in sent])
    _say(sent, refused)
    return redirect(url_for("urging.index"))


def _ticked() -> Sequence[tuple[Urge, str]]:
    """The office's own among the ticked ones, each with the version that was shown."""
    shown = dict(ticked.split(":", 1) for ticked in request.form.getlist("urge") if ":" in ticked)
    urges = queries.urges_with_ids(numbers_in(shown, MOST_AT_ONCE), current_user.unit_id)
    return [(urge, shown[str(urge.id)]) for urge in urges.values()]


def _issued(urge: Urge, version: str) -> str:
    """The sentence if it is refused."""
    if str(urge.version) != version:
        return CHANGED
    try:
        with db.session.begin_nested():
            urging.issue(urge, edge.by(), workdays(), reply_workdays=in_force().reply_workdays)
            tell_unit(urge, edge.by())
    except Forbidden as sentence:
        return str(sentence)
    return ""


def _say(sent: Sequence[Urge], refused: Sequence[str]) -> None:
    if sent:
        flash(f"已发出{len(sent)}份催办单。{untold(sent)}")
    if refused:
        flash(f"有{len(refused)}份没有发出：{''.join(refused)}")
    if not sent and not refused:
        flash("没有选择催办单，请先勾选。")
