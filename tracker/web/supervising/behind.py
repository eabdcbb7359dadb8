"""A page of the rows behind a number that is told by ids."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.supervision.behind import rows
from tracker.supervision.knowing import AsOf
from tracker.web.paging import PAGE, Page, asked_after, page_of


def page_behind(ids: Sequence[int], of: str, asked: AsOf) -> Page:
    """From behind what the address names; only one page of them is read."""
    start = asked_after()
    some = [number for number in sorted(ids) if number > start][: PAGE + 1]
    return page_of(rows(of, some, asked), start)
