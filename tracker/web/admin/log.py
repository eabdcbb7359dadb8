"""审计日志: who did what when, and whether the chain still holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.audit import chain, queries
from tracker.audit.chain import Verdict
from tracker.clock import SHANGHAI
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.words import ACTIONS, object_in_words
from tracker.web.paging import PAGE, asked_after, page_of

pages = Blueprint("log", __name__)


@pages.get("/log")
@access("read log")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/log/check")
@access("read log")
def check() -> ResponseReturnValue:
    """Chain what is not chained yet, then walk the whole chain."""
    while chain.seal():
        pass
    verdict = chain.verify()
    edge.commit("check log", str(verdict.checked), broken=verdict.broken)
    return _page(verdict)


def _page(verdict: Verdict | None = None) -> str:
    asked = {name: request.args.get(name, "").strip()[:40] for name in ("account", "action", "day")}
    asked["action"] = asked["action"] if asked["action"] in ACTIONS else ""
    since, until = _bounds(asked["day"])
    asked["day"] = asked["day"] if since else ""
    found = queries.entries(
        before=asked_after(),
        limit=PAGE + 1,
        account=asked["account"],
        action=asked["action"],
        since=since,
        until=until,
    )
    return render_template(
        "admin/log.html",
        page=page_of(found, asked_after()),
        asked=asked,
        sealed=queries.sealed(),
        unsealed=queries.unsealed(),
        verdict=verdict,
        object_in_words=object_in_words,
    )


def _bounds(written: str) -> tuple[datetime | None, datetime | None]:
    """A Shanghai day from its first moment to the first of the next; none where it is no day."""
    try:
        day = date.fromisoformat(written)
        first, last = (_midnight(one) for one in (day, day + timedelta(days=1)))
    except (ValueError, OverflowError):
        return None, None
    return first, last


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)
