"""报送日历 of a notice: looked at, tried out, saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.notices import queries as notices
from tracker.notices.models import Notice
from tracker.registry.queries import workdays
from tracker.tasks import queries, scheduling
from tracker.tasks.models import Calendar, Tracking
from tracker.tasks.scheduling import Preview
from tracker.tasks.wording import clean
from tracker.web import edge
from tracker.web.access import access
from tracker.web.scheduling.typed import Typed, from_form, kept, version_of

CONFLICT = "您打开本页之后，有人改过这份日历，本次没有保存。请刷新页面，核对后再保存。"

pages = Blueprint("calendars", __name__)


@pages.get("/notices/<slug>/calendar")
@access("see calendars")
def show(slug: str) -> ResponseReturnValue:
    notice = notices.notice(slug) or abort(404)
    tracking, calendars = queries.tracking(notice.id), queries.calendars(notice.id)
    if tracking is None:
        return render_template("scheduling/no_office.html", notice=notice)
    return _page(notice, tracking, calendars, kept(tracking, calendars))


@pages.post("/notices/<slug>/calendar")
@access("set calendars")
def save(slug: str) -> ResponseReturnValue:
    """Preview what is typed, or save it."""
    notice = notices.notice(slug) or abort(404)
    tracking, calendars = queries.tracking(notice.id), queries.calendars(notice.id)
    if tracking is None or notice.office_id != current_user.unit_id:
        abort(404)
    given = from_form(calendars)
    if given.errors:
        return _page(notice, tracking, calendars, given, code=422)
    if request.form.get("action") != "save":
        return _page(notice, tracking, calendars, given, is_tried=True)
    if given.version != version_of(tracking, calendars):
        return _page(notice, tracking, calendars, given, refusal=CONFLICT, code=409)
    moved = _saved(tracking, calendars, given)
    edge.commit("set calendar", notice.short_title, moved=moved)
    flash(f"已保存，{moved}项尚未填报的应报事项改了日期。" if moved else "已保存。")
    return redirect(url_for("calendars.show", slug=notice.slug))


def _saved(tracking: Tracking, calendars: Mapping[str, Calendar], given: Typed) -> int:
    by, known = edge.by(), workdays()
    if given.starts != tracking.starts_on:
        scheduling.start(tracking, on=given.starts)
    scheduling.ask(tracking, plan=given.plan, stocktaking=given.stocktaking, on=by.day)
    moved = scheduling.set_workdays(
        tracking, by, known, for_plan=given.for_plan, for_review=given.for_review
    )
    for role, calendar in calendars.items():
        rhythm = given.rhythms[role]
        scheduling.cite(calendar, origin=rhythm.origin, words=clean(rhythm.words))
        moved += scheduling.change(
            calendar, by, known, cadence=rhythm.cadence, due_workdays=rhythm.workdays
        )
    return moved


def _previews(calendars: Mapping[str, Calendar], given: Typed) -> dict[str, list[Preview]]:
    """The next four periods of each role, for what is typed."""
    day, known = today(), workdays()
    shown = {}
    for role, calendar in calendars.items():
        rhythm = given.rhythms[role]
        since = given.starts if rhythm.cadence == calendar.cadence else max(given.starts, day)
        shown[role] = scheduling.preview(rhythm.cadence, rhythm.workdays, since, day, known)
    return shown


def _moved(tracking: Tracking, calendars: Mapping[str, Calendar], given: Typed) -> int:
    day, known = today(), workdays()
    plans = scheduling.plans_would_move(tracking, day, known, for_plan=given.for_plan)
    return plans + sum(
        scheduling.would_move(calendar, day, known, due_workdays=given.rhythms[role].workdays)
        for role, calendar in calendars.items()
    )


def _from_today(given: Typed) -> dict[str, date]:
    """By when a plan allocated today is due, and a report filed today is reviewed."""
    day, known = today(), workdays()
    counts = {"plan": given.for_plan, "review": given.for_review}
    return {name: known.after(day, count) for name, count in counts.items()}


def _page(
    notice: Notice,
    tracking: Tracking,
    calendars: Mapping[str, Calendar],
    given: Typed,
    *,
    is_tried: bool = False,
    refusal: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    may_set = current_user.may("set calendars") and notice.office_id == current_user.unit_id
    page = render_template(
        "scheduling/calendar.html",
        notice=notice,
        tracking=tracking,
        given=given,
        previews={} if given.errors else _previews(calendars, given),
        moved=0 if given.errors else _moved(tracking, calendars, given),
        days={} if given.errors else _from_today(given),
        is_tried=is_tried,
        may_set=may_set,
        refusal=refusal,
    )
    return page, code
