"""报送日历: a month of due days to look at or print, and the same as a feed for a calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now, today
from tracker.papers import feed as feeds
from tracker.registry.queries import workdays
from tracker.supervision.due_days import due_days
from tracker.web import edge, limits, site
from tracker.web.access import access

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
LONGEST = 64

pages = Blueprint("calendar", __name__)


@pages.get("/calendar")
@access("see own obligations")
def month() -> ResponseReturnValue:
    return _page()


def _page(address: str = "") -> str:
    first = _asked_month()
    after = _next(first)
    rows = due_days(current_user.unit_id, today(), first=first, last=after - timedelta(days=1))
    return render_template(
        "leaving/calendar.html",
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        due=len(rows),
        weeks=_weeks(first, after, rows),
        told=feeds.told,
        workdays=workdays(),
        today=today(),
        address=address,
        made_at=feeds.made_at(current_user.id),
    )


def _asked_month() -> date:
    asked = request.args.get("month", "")
    return date.fromisoformat(f"{asked}-01") if MONTH.fullmatch(asked) else today().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _weeks(first: date, after: date, rows: Sequence[Any]) -> list[list[tuple[date, list[Any]]]]:
    """From Monday to Sunday, each day with what falls due on it."""
    due: dict[date, list[Any]] = {}
    for row in rows:
        due.setdefault(row.day, []).append(row)
    day, weeks = first - timedelta(days=first.weekday()), []
    while day < after:
        days = [day + timedelta(days=number) for number in range(7)]
        weeks.append([(one, due.get(one, [])) for one in days])
        day += timedelta(days=7)
    return weeks


@pages.post("/calendar/address")
@access("see own obligations")
def renew() -> ResponseReturnValue:
    """Shown once: only its hash is kept."""
    secret = feeds.renew(current_user.id, now())
    edge.commit("renew calendar address", current_user.account)
    return _page(address=f"{site.as_opened()}{url_for('calendar.feed', secret=secret)}")


@pages.post("/calendar/end")
@access("see own obligations")
def end() -> ResponseReturnValue:
    feeds.end(current_user.id)
    edge.commit("end calendar address", current_user.account)
    flash("订阅地址已停用。")
    return redirect(url_for("calendar.month"))


@pages.get("/feeds/<secret>.ics")
@access(None)
def feed(secret: str) -> ResponseReturnValue:
    guesses, address = limits.guesses(), request.remote_addr or ""
    if guesses.is_held(address, now()):
        abort(429)
    found = feeds.unit_for(secret) if len(secret) <= LONGEST else None
    if found is None:
        guesses.count(address, secret, now())
        abort(404)
    rows = due_days(found.id, today())
    data = feeds.written(found.name, rows, site=site.as_opened(), at=now())
    return Response(data, mimetype="text/calendar")
