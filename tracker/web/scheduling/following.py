"""纳入跟踪: the chief of an office takes up a notice, after seeing what will be owed by it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.days import spelled
from tracker.db import db
from tracker.notices import queries as notices
from tracker.notices.models import Notice
from tracker.registry.queries import workdays
from tracker.tasks import following
from tracker.tasks.following import Foreseen, Taking
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import typed

SAVE = "save"

pages = Blueprint("following", __name__)


@pages.get("/notices/<slug>/follow")
@access("follow notices")
def show(slug: str) -> ResponseReturnValue:
    return _page(_notice(slug))


@pages.post("/notices/<slug>/follow")
@access("follow notices")
def follow(slug: str) -> ResponseReturnValue:
    """Preview what is typed, or do it."""
    notice, taking = _notice(slug), _taking()
    is_final = request.form.get("action") == SAVE
    try:
        if not is_final:
            foreseen = following.foreseen(notice, taking, edge.by(), workdays())
            return _page(_notice(slug), foreseen=foreseen)
        opened = following.follow(notice, taking, edge.by(), workdays())
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_notice(slug), wrong=str(sentence))
    subject = f"{notice.short_title}，自{spelled(taking.starts_on or today())}起"
    edge.commit("follow notice", subject, opened=opened)
    begun = f"产生应报事项{opened}项。" if opened else "从下一个报告期起报送。"
    flash(f"已纳入跟踪，{begun}")
    return redirect(url_for("calendars.show", slug=slug))


def _notice(slug: str) -> Notice:
    found = notices.notice(slug) or abort(404)
    return found if following.is_free(found, current_user.unit_id) else abort(404)


def _taking() -> Taking:
    return Taking(
        office_id=current_user.unit_id,
        starts_on=typed(request.form.get("starts_on", "")),
        source=request.form.get("source", ""),
        with_cities=request.form.get("with_cities") == "1",
    )


def _page(
    notice: Notice, *, foreseen: Foreseen | None = None, wrong: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "scheduling/follow.html",
        notice=notice,
        refusal=following.why_not(notice, current_user.unit_id),
        typed=request.form,
        foreseen=foreseen,
        wrong=wrong,
        today=today(),
    )
    return page, 422 if wrong else 200
