"""The first page, as the visitor's role needs it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.permissions import LEADER, office_seen_by
from tracker.web.access import OWN_ACCOUNT, access
from tracker.web.desk import dashboard
from tracker.web.filing import obligations

pages = Blueprint("home", __name__)


@pages.get("/")
@access(OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    if not current_user.may("read measures"):
        return render_template("desk/home_administrator.html")
    if office_seen_by(current_user.actor) is None:
        return obligations.first_page()
    return dashboard.leaders_page() if LEADER in current_user.roles else dashboard.first_page()
