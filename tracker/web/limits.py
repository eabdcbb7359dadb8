"""How much a route takes in: most take little, the few that take files or many rows say so.

And how often a secret address may be guessed wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
GUESSES = "tracker-guesses"
MOST_WRONG = 20
WINDOW = timedelta(minutes=15)
MOST_ADDRESSES = 10_000


class Guesses:
    """Wrong guesses of a secret by network address, as this process saw them.

    Each wrong secret counts once: a calendar that goes on asking for an address of before shuts
    nobody out who comes from the same network.

    Kept in memory: a GET writes nothing, and what no process can be led to guess in a year needs
    no count across processes. While an address is held no secret of it is looked at, a right
    one neither: an answer would tell.
    """

    def __init__(self) -> None:
        self._wrong: dict[str, deque[tuple[datetime, int]]] = {}
        self._lock = Lock()

    def is_held(self, address: str, at: datetime) -> bool:
        with self._lock:
            wrong = self._wrong.get(address, ())
            return sum(at - WINDOW < one <= at for one, _ in wrong) >= MOST_WRONG

    def count(self, address: str, secret: str, at: datetime) -> None:
        """The oldest guess falls out, and the address that was known longest: memory is bounded."""
        told = hash(secret)
        with self._lock:
            wrong = self._wrong.setdefault(address, deque(maxlen=MOST_WRONG))
            if all(one != told for _, one in wrong):
                wrong.append((at, told))
            if len(self._wrong) > MOST_ADDRESSES:
                del self._wrong[next(iter(self._wrong))]


def takes(*, content: int, text: int) -> Callable[[View], View]:
    """Mark a view with the bytes it takes in all, and in its fields that are no files."""

    def mark(view: View) -> View:
        view.room = (content, text)  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Before anything reads the form."""
    app.extensions[GUESSES] = Guesses()
    app.before_request(_make_room)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    room = getattr(view, "room", None)
    if room:
        request.max_content_length, request.max_form_memory_size = room


def guesses() -> Guesses:
    known: Guesses = current_app.extensions[GUESSES]
    return known
