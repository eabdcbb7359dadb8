"""发送记录: how messages by mail and robot fared, and trying again by hand."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now
from tracker.config import Settings
from tracker.delivery import queries, stamping
from tracker.delivery.letters import CHANNELS, INBOX
from tracker.delivery.states import RESEND, STATES, before
from tracker.permissions import OFFICE_SIDE
from tracker.web import edge
from tracker.web.access import access
from tracker.web.delivering.trying import try_out
from tracker.web.paging import PAGE, asked_after, numbers_ticked, page_of

NO_ADDRESS = "您的账号没有登记邮箱，请先由系统管理员登记。"

pages = Blueprint("outbox", __name__)
ONE = "/outbox/<int(max=2147483647):message_id>"


@pages.get("/outbox")
@access("see outbox")
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("state", "channel")}
    asked["state"] = asked["state"] if asked["state"] in STATES else ""
    asked["channel"] = asked["channel"] if asked["channel"] in _channels() else ""
    found = queries.outbox(before=asked_after(), limit=PAGE + 1, **asked)
    settings: Settings = current_app.config["TRACKER"]
    return render_template(
        "delivering/outbox.html",
        page=page_of(found, asked_after()),
        asked=asked,
        counts=queries.unsent_by_state(),
        channels=_channels(),
        resendable=before(RESEND),
        has_mail=settings.mail is not None,
        has_site=settings.is_site_chosen or not settings.production,
        site=settings.base_url,
        is_told=_is_told(),
    )


@pages.get(ONE)
@access("see outbox")
def show(message_id: int) -> ResponseReturnValue:
    return render_template(
        "delivering/sent.html",
        message=queries.sent_out(message_id) or abort(404),
        attempts=queries.attempts_of(message_id),
        resendable=before(RESEND),
        is_told=_is_told(),
    )


@pages.post(f"{ONE}/resend")
@access("see outbox")
def resend(message_id: int) -> ResponseReturnValue:
    queries.sent_out(message_id) or abort(404)
    done = stamping.resend([message_id], by=current_user.id, at=now())
    edge.commit("resend messages", str(message_id), number=done)
    flash("已放回待发送，一分钟内发出。" if done else "这条消息现在不需要重新发送。")
    return redirect(url_for("outbox.show", message_id=message_id))


@pages.post("/outbox/resend")
@access("see outbox")
def resend_several() -> ResponseReturnValue:
    """Those that one page showed; what has gone out meanwhile is left alone."""
    asked = numbers_ticked("id", PAGE)
    done = stamping.resend(asked, by=current_user.id, at=now())
    edge.commit("resend messages", f"{done}条")
    flash(f"已将{done}条消息放回待发送，一分钟内发出。")
    return redirect(url_for("outbox.index"))


@pages.post("/outbox/test")
@access("see outbox")
def test() -> ResponseReturnValue:
    """A mail to oneself, by the same way as all others."""
    way = queries.mail_to(current_user.id)
    if way is None:
        flash(NO_ADDRESS)
        return redirect(url_for("outbox.index"))
    try_out(way, at=now())
    edge.commit("test mail", current_user.account)
    flash(f"测试邮件已放入待发送，一分钟内发往{way.address}。")
    return redirect(url_for("outbox.index"))


def _channels() -> dict[str, str]:
    return {code: word for code, word in CHANNELS.items() if code != INBOX}


def _is_told() -> bool:
    """Subjects hold counts of units: for the office, not for who keeps the machine."""
    return bool(current_user.roles & OFFICE_SIDE)
