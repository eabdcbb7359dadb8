"""宣传解读: how often reports tell of it, by unit, notice or period; each number opens its list."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.notices import queries as notices
from tracker.permissions import office_seen_by
from tracker.registry import queries as registry
from tracker.supervision import publicity
from tracker.supervision.publicity import NOTICE, UNIT, WAYS, Sought
from tracker.web.access import access
from tracker.web.desk.looking import PERIOD
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

pages = Blueprint("publicity", __name__)


@pages.get("/publicity")
@access("see supervision")
def index() -> ResponseReturnValue:
    sought, before = _sought(), asked_after()
    way = request.args.get("by", UNIT)
    way = way if way in WAYS else UNIT
    rows = publicity.page(sought, before=before, limit=PAGE + 1) if sought.is_narrow else []
    return render_template(
        "supervision/publicity.html",
        ways=WAYS,
        way=way,
        counts=publicity.counts(sought, way),
        number=publicity.number(sought),
        sought=sought,
        filters=_filters(sought),
        named=_named(sought),
        page=page_of(rows, before),
    )


def _sought() -> Sought:
    period = request.args.get("period", "")
    return Sought(
        office_id=office_seen_by(current_user.actor),
        unit=number_asked("unit"),
        notice=number_asked(NOTICE),
        period=period if PERIOD.fullmatch(period) else "",
    )


def _filters(sought: Sought) -> dict[str, int | str]:
    """As they stand in the address."""
    given = {"unit": sought.unit, "notice": sought.notice, "period": sought.period}
    return {name: value for name, value in given.items() if value}


def _named(sought: Sought) -> dict[str, str]:
    unit = registry.unit(sought.unit) if sought.unit else None
    listed = {one.id: one.short_title for one in notices.notices()} if sought.notice else {}
    return {
        "unit": unit.name if unit else "",
        "notice": listed.get(sought.notice or 0, ""),
    }
