"""The statements that reach a database: noted, or stopped as a full disk would stop them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from tracker.db import db


class Broken(Exception):
    """Something fails in the middle."""


@contextmanager
def asked(engine: Engine | None = None) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []
    with _before_each(seen.append, engine):
        yield seen


@contextmanager
def broken_at(words: str) -> Iterator[None]:
    """The first statement that begins with these words fails."""

    def fail(statement: str) -> None:
        if statement.startswith(words):
            raise Broken(statement)

    with _before_each(fail):
        yield


@contextmanager
def _before_each(act: Callable[[str], None], engine: Engine | None = None) -> Iterator[None]:
    """The engine serves other tests too, so nothing stays on it."""
    listened = engine or db.engine

    def heard(*given: object) -> None:
        act(str(given[2]))

    event.listen(listened, "before_cursor_execute", heard)
    try:
        yield
    finally:
        event.remove(listened, "before_cursor_execute", heard)
