"""One page of a list that is read by key: its rows, and where the next page begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import request

PAGE = 50
LARGEST = 2**31  # what a row's number can be in the database
DIGITS = len(str(LARGEST))


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: Sequence[Any]
    after: int
    next_after: int | None

    @property
    def is_first(self) -> bool:
        return self.after == 0


def asked_after() -> int:
    return number_asked("after") or 0


def page_of(rows: Sequence[Any], after: int, size: int = PAGE, *, key: str = "id") -> Page:
    """From one row more than fits: it tells whether there is a next page."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(rows=shown, after=after, next_after=getattr(shown[-1], key) if more else None)


def number_asked(name: str) -> int | None:
    """A number from the address; what is none, or does not fit the database, is nothing asked."""
    value = request.args.get(name, type=int)
    return value if value is not None and 0 < value < 2**31 else None


def numbers_ticked(name: str, most: int) -> list[int]:
    """The numbers that boxes of a form were ticked with."""
    return numbers_in(request.form.getlist(name), most)


def numbers_in(texts: Iterable[str], most: int) -> list[int]:
    """What is no number, or does not fit the database, is passed over."""
    known = (number_in(one) for one in texts)
    return list(islice((one for one in known if one is not None), most))


def number_in(text: str) -> int | None:
    """A row's number or version as a form wrote it; a hundred thousand digits are none."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= DIGITS
    return int(text) if is_plain and int(text) < LARGEST else None
