"""A page of waivers: its key is the waiver, not the task that it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.web.paging import PAGE, Page


def waiver_page(found: Sequence[Any], after: int) -> Page:
    shown = found[:PAGE]
    more = len(found) > PAGE
    return Page(rows=shown, after=after, next_after=shown[-1].waiver_id if more else None)
