"""地市任务分解: how far each city has named who leads its local tasks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.tasks import breakdowns
from tracker.web.access import access

pages = Blueprint("breakdowns", __name__)


@pages.get("/breakdowns")
@access("see breakdowns")
def index() -> ResponseReturnValue:
    office_id = current_user.leads_office or current_user.unit_id
    return render_template("office/breakdowns.html", rows=breakdowns.by_city(office_id))
