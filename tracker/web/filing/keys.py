"""One page of a list ordered by day: the key is the day with the id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from tracker.web.paging import PAGE

Key = tuple[date, int]


@dataclass(frozen=True, kw_only=True)
class DayPage:
    rows: Sequence[Any]
    is_first: bool
    next_after: str | None


def asked_after() -> Key | None:
    """From the address; what is no key asks for the first page."""
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.(\d{1,9})", request.args.get("after", ""))
    if not found:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None


def page_of(rows: Sequence[Any], after: Key | None) -> DayPage:
    """From one row more than fits."""
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    key = f"{last.awaited_by.isoformat()}.{last.id}" if last else None
    return DayPage(rows=shown, is_first=after is None, next_after=key)
