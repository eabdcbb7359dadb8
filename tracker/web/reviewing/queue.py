"""审核: the office's queue, the nearest deadline first, and accepting several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.db import db
from tracker.reports import queries, reviewing
from tracker.tasks.states import KINDS, Forbidden
from tracker.tasks.wording import quoted
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import lights, typed
from tracker.web.paging import PAGE, number_asked, number_in
from tracker.web.reviewing.own import own_notices, own_reports, own_units

MOST_AT_ONCE = 100
CHANGED = "报告在您打开列表之后有变化，请刷新页面后再看。"

pages = Blueprint("reviews", __name__)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the queue; its key is the deadline and the obligation."""

    rows: Sequence[Any]
    is_first: bool
    next_after: str | None


@pages.get("/reviews")
@access("review reports")
def index() -> ResponseReturnValue:
    known = own_notices()
    asked = _asked({notice.slug: notice.id for notice in known})
    after = _after(request.args.get("after", ""))
    found = queries.waiting_for_review(
        current_user.unit_id, after=after, limit=PAGE + 1, **asked["narrowing"]
    )
    return render_template(
        "reviewing/queue.html",
        page=_page(found, is_first=after is None),
        number=queries.number_in_review(current_user.unit_id),
        asked=asked["asked"],
        notices=known,
        units=queries.units_in_review(current_user.unit_id),
        own=own_units(),
        light=lights(),
    )


def _asked(slugs: dict[str, int]) -> dict[str, dict[str, Any]]:
    """What the address asks for; names that mean nothing are left out."""
    slug, kind = request.args.get("notice", ""), request.args.get("kind", "")
    unit, kind = number_asked("unit"), kind if kind in KINDS else ""
    return {
        "asked": {"notice": slug if slug in slugs else "", "unit": unit, "kind": kind},
        "narrowing": {"notice_id": slugs.get(slug), "unit_id": unit, "kind": kind},
    }


def _after(text: str) -> tuple[date, int] | None:
    day, _, number = text.partition("_")
    when, last = typed(day), number_in(number)
    return (when, last) if when and last is not None else None


def _page(found: Sequence[Any], *, is_first: bool) -> Page:
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    key = f"{last.review_by}_{last.id}" if last else None
    return Page(rows=shown, is_first=is_first, next_after=key)


@pages.post("/reviews/accept")
@access("review reports")
def accept() -> ResponseReturnValue:
    """Each ticked report by itself: one that cannot be accepted does not hold up the others."""
    done, refused = _accepted(_ticked(request.form.getlist("report")[:MOST_AT_ONCE]))
    if done:
        edge.commit("accept report", f"{len(done)}份报告", reports=done)
    _say(len(done), refused)
    asked = _asked({notice.slug: notice.id for notice in own_notices()})["asked"]
    kept = {name: value or None for name, value in asked.items()}
    return redirect(url_for("reviews.index", _external=False, **kept))


def _ticked(values: Sequence[str]) -> dict[int, str]:
    """Each report by its number, with the revision that was shown."""
    found = {}
    for value in values:
        number, _, revision = value.partition(":")
        found[number_in(number) or 0] = revision
    return found


def _accepted(ticked: Mapping[int, str]) -> tuple[list[int], list[str]]:
    """Those that are accepted, and a sentence for each that is not."""
    pairs = own_reports(ticked)
    changed = {r.id: CHANGED for r, _ in pairs if ticked[r.id] != str(r.revision)}
    unchanged = [pair for pair in pairs if pair[0].id not in changed]
    try:
        reports, refused = reviewing.accept_all(unchanged, edge.by())
    except Forbidden as sentence:
        db.session.rollback()
        return [], [str(sentence)]
    why = changed | refused
    return [report.id for report in reports], [
        f"{owed.unit.name}{quoted(owed.title)}：{why[report.id]}"
        for report, owed in pairs
        if report.id in why
    ]


def _say(done: int, refused: Sequence[str]) -> None:
    if done:
        flash(f"已通过{done}份报告。")
    if refused:
        flash(f"有{len(refused)}份没有通过：{''.join(refused)}")
    if not done and not refused:
        flash("没有选择报告，请先勾选。")
