"""消息: what a person has been told, and by which channels they want to be told."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now
from tracker.delivery import keeping, queries
from tracker.delivery.letters import CHANNELS, KINDS, MAIL
from tracker.delivery.states import OUTCOMES, STATES
from tracker.registry import queries as registry
from tracker.web import edge
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, page_of

pages = Blueprint("messages", __name__)
ONE = "/messages/<int(max=2147483647):message_id>"


@pages.record_once
def _words(state: BlueprintSetupState) -> None:
    app: Flask = state.app  # type: ignore[assignment]
    app.jinja_env.globals.update(
        letter_kind_words=KINDS,
        channel_words=CHANNELS,
        message_words=STATES,
        attempt_words=OUTCOMES,
        unread_messages=unread,
    )


def unread() -> int:
    """How many messages the visitor has not read, for the head of every page."""
    return queries.unread(current_user.id)


@pages.get("/messages")
@access("read own messages")
def index() -> ResponseReturnValue:
    is_unread = request.args.get("unread") == "1"
    found = queries.inbox(
        current_user.id, before=asked_after(), limit=PAGE + 1, is_unread=is_unread
    )
    page = page_of(found, asked_after())
    return render_template("delivering/messages.html", page=page, is_unread=is_unread)


@pages.get(ONE)
@access("read own messages")
def show(message_id: int) -> ResponseReturnValue:
    letter = queries.letter_of(message_id, person_id=current_user.id) or abort(404)
    return render_template("delivering/message.html", letter=letter)


@pages.post(f"{ONE}/read")
@access("read own messages")
def read(message_id: int) -> ResponseReturnValue:
    """Opening a message is a post: looking at a page never changes anything."""
    queries.letter_of(message_id, person_id=current_user.id) or abort(404)
    keeping.mark_read(current_user.id, at=now(), message_id=message_id)
    edge.commit("read message", str(message_id))
    return redirect(url_for("messages.show", message_id=message_id))


@pages.post("/messages/read")
@access("read own messages")
def read_all() -> ResponseReturnValue:
    number = keeping.mark_read(current_user.id, at=now())
    edge.commit("read message", f"{number}条")
    flash(f"已将{number}条消息标为已读。" if number else "没有未读消息。")
    return redirect(url_for("messages.index"))


@pages.get("/messages/channels")
@access("read own messages")
def channels() -> ResponseReturnValue:
    return render_template(
        "delivering/channels.html",
        person=registry.person(current_user.id),
        wants_mail=queries.wants_mail(current_user.id),
        robots=[one for one in queries.robots() if one.unit_id == current_user.unit_id],
    )


@pages.post("/messages/channels")
@access("read own messages")
def choose() -> ResponseReturnValue:
    is_on = request.form.get("mail") == "1"
    keeping.choose(current_user.id, MAIL, is_on=is_on)
    edge.commit("choose channels", current_user.account, mail=is_on)
    flash("接收方式已保存，从下一条消息起生效。")
    return redirect(url_for("messages.channels"))
