"""The door: every route is marked with its action, and one hook decides before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from tracker import permissions
from tracker.db import db, writing
from tracker.registry.policies import policies
from tracker.web.visitors import Visitor, went_idle

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_ACCOUNT = "own account"
SIGNING_IN = "auth"


def access(action: str | None) -> Callable[[View], View]:
    """Mark a view with the action it is; None is for everybody, signed in or not."""
    if action is not None and action not in permissions.TABLE:
        raise KeyError(action)

    def mark(view: View) -> View:
        view.access = action  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.before_request(_guard)
    app.after_request(_nothing_left_over)
    app.teardown_request(_end)


def _begin() -> None:
    """What changes something begins a transaction that means to write."""
    if request.method not in SAFE:
        g.transaction = ExitStack()
        g.transaction.enter_context(writing())


def _end(error: BaseException | None) -> None:
    transaction = g.pop("transaction", None)
    if transaction is not None:
        db.session.remove()
        transaction.close()
    elif error is None:
        _end_reading()


def _end_reading() -> None:
    """What only read ends as well by a commit, and a rollback would cost more: with it the driver
    throws away all statements that PostgreSQL has prepared.
    """
    session = db.session()
    if session.in_transaction() and not _left_over():
        session.commit()


def _guard() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    # A route without a mark is closed; a test fails on it.
    action = getattr(view, "access", "")
    if action is None:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if current_user.must_change_password and request.blueprint != SIGNING_IN:
        return redirect(url_for("auth.password"))
    if not (action and current_user.may(action)):
        abort(_refusal(current_user, action))
    return None


def _refusal(visitor: Visitor, action: str) -> int:
    """404 to who has no business here; 403 to whose role does it, though not in this unit."""
    return 403 if visitor.roles & permissions.TABLE.get(action, frozenset()) else 404


def _to_sign_in() -> AnyResponse:
    if went_idle():
        flash(f"超过{policies().idle_minutes}分钟没有操作，请重新登录。")
    wanted = request.full_path.rstrip("?") if request.method in SAFE else None
    return redirect(url_for("auth.sign_in", next=None if wanted == "/" else wanted))


def _nothing_left_over(response: Response) -> Response:
    """A page that is only looked at changes nothing; in tests this is proved on every response."""
    if current_app.testing and request.method in SAFE and (left := _left_over()):
        raise AssertionError(f"{request.path} left {left} in the session")
    return response


def _left_over() -> list[object]:
    session = db.session()
    return [*session.new, *session.dirty, *session.deleted]


def safe_next(wanted: str | None) -> str:
    """Where to go after sign-in: a page of ours, or the first page."""
    home = url_for("home.home")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return home
    if any(ord(letter) < ord(" ") for letter in wanted) or "\\" in wanted:
        return home
    parts = urlsplit(wanted)
    return home if parts.scheme or parts.netloc else wanted
