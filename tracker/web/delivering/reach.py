"""没有可联系人员的单位: who owes something and cannot be told."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.permissions import UNIT_SIDE
from tracker.supervision.reaching import out_of_reach
from tracker.web.access import access

pages = Blueprint("reach", __name__)


@pages.get("/reach")
@access("keep robots")
def index() -> ResponseReturnValue:
    units = out_of_reach(current_user.unit_id, roles=UNIT_SIDE)
    return render_template("delivering/reach.html", units=units)
