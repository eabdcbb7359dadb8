"""The first page, as the visitor's role needs it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.notices import queries as notices
from tracker.notices.handing_in import DRAFT
from tracker.reports import queries as reports
from tracker.tasks import designations, queries as tasks
from tracker.tasks.states import HELD
from tracker.web.access import OWN_ACCOUNT, access
from tracker.web.desk.notices import newest_first
from tracker.web.filing import obligations

pages = Blueprint("home", __name__)


@pages.get("/")
@access(OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    if not current_user.may("read measures"):
        return render_template("desk/home_administrator.html")
    if current_user.may("import notices") or "leader" in current_user.roles:
        return _overview()
    return obligations.first_page()


def _overview() -> str:
    drafts = notices.sources_in(DRAFT) if current_user.may("import notices") else []
    return render_template(
        "desk/home.html",
        notices=newest_first(notices.notices()),
        measures=notices.measure_counts(),
        tasks=tasks.counts_by_notice(),
        waiting=notices.waiting_rows(),
        waiting_counts=notices.waiting_counts(),
        held=tasks.counts_by_state().get(HELD, 0),
        drafts=drafts,
        undecided=designations.number_undecided(current_user.unit_id)
        if current_user.may("designate")
        else 0,
        in_review=reports.number_in_review(current_user.unit_id),
    )
