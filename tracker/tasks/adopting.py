"""Confirming a document: its notices go in and their tasks come out, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.db import take_in_alone
from tracker.notices.drafting import Draft
from tracker.notices.filling import fill
from tracker.notices.importing import Particulars, enter
from tracker.tasks.allocating import allocate
from tracker.tasks.scheduling import track


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What confirming did: notices made anew, and measures that got their text."""

    entered: tuple[int, ...]
    filled: int


def adopt(
    draft: Draft,
    particulars: Mapping[int, Particulars],
    *,
    source_id: int | None,
    on: date,
) -> Adopted:
    """`particulars` are needed for each notice that is not tracked yet, by its index."""
    take_in_alone()
    entered: dict[int, int] = {}
    filled = 0
    for index in _forwarded_first(draft):
        tracked = draft.notices[index].tracked
        if tracked and source_id is not None:
            filled += fill(draft, index, tracked.id, source_id=source_id)
        else:
            new = enter(draft, index, particulars[index], source_id=source_id, on=on)
            allocate(new.id, on)
            track(new, starts_on=on)
            entered[index] = new.id
    return Adopted(entered=tuple(entered[i] for i in sorted(entered)), filled=filled)


def _forwarded_first(draft: Draft) -> list[int]:
    """转发国务院关于… holds the title that it forwards, and is longer for it."""
    return sorted(range(len(draft.notices)), key=lambda index: len(draft.notices[index].title))
