"""停止跟踪: the chief of the office that took a notice up sees what would end, and ends it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.db import db
from tracker.notices import queries as notices
from tracker.notices.models import Notice
from tracker.papers.matter_letters import Told
from tracker.reports import unsent
from tracker.tasks import stopping
from tracker.tasks.models import Following
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_units

pages = Blueprint("stopping", __name__)


@pages.get("/notices/<slug>/stop")
@access("follow notices")
def show(slug: str) -> ResponseReturnValue:
    return _page(_followed(slug)[0])


@pages.post("/notices/<slug>/stop")
@access("follow notices")
def stop(slug: str) -> ResponseReturnValue:
    (notice, following), by = _followed(slug), edge.by()
    why = request.form.get("source", "")
    try:
        unsent.give_back(notice.id, by, note="停止跟踪，不再报送")
        stopped = stopping.stop(notice, following, by, why=why)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(_followed(slug)[0], wrong=str(sentence))
    told = Told(
        about=f"stop:{following.id}",
        step="停止跟踪，不再报送",
        title=notice.short_title,
        lines=(f"依据：{following.stopped_why}", "已报送的报告保留，没有报送的不再需要报送。"),
        link=url_for("notices.notice", slug=slug),
    )
    tell_units(stopped.units, told, by)
    edge.commit("stop following", notice.short_title, ended=stopped.ended)
    flash(f"已停止跟踪，{stopped.ended}项应报事项不再报送。" if stopped.ended else "已停止跟踪。")
    return redirect(url_for("notices.notice", slug=slug))


def _followed(slug: str) -> tuple[Notice, Following]:
    """One that the visitor's office took up; what came in with its office is not found."""
    notice = notices.notice(slug) or abort(404)
    return notice, stopping.standing(notice, current_user.unit_id) or abort(404)


def _page(notice: Notice, *, wrong: str = "") -> ResponseReturnValue:
    page = render_template(
        "scheduling/stop.html",
        notice=notice,
        ending=stopping.ending(notice.id),
        drafts=unsent.number(notice.id),
        refusal=stopping.why_not(notice),
        typed=request.form,
        wrong=wrong,
    )
    return page, 422 if wrong else 200
