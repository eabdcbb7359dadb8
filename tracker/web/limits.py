"""How much a route takes in: most take little, the few that take files or many rows say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes(*, content: int, text: int) -> Callable[[View], View]:
    """Mark a view with the bytes it takes in all, and in its fields that are no files."""

    def mark(view: View) -> View:
        view.room = (content, text)  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Before anything reads the form."""
    app.before_request(_make_room)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    room = getattr(view, "room", None)
    if room:
        request.max_content_length, request.max_form_memory_size = room
