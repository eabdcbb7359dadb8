"""Confirming a document: its notices go in and their tasks come out, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.notices import importing
from tracker.notices.drafting import Draft
from tracker.notices.importing import Particulars
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
    entered: list[int] = []
    filled = 0
    for index, notice in enumerate(draft.notices):
        if notice.tracked and source_id is not None:
            filled += importing.fill(draft, index, notice.tracked.id, source_id=source_id)
        else:
            new = importing.enter(draft, index, particulars[index], source_id=source_id, on=on)
            allocate(new.id, on)
            track(new, starts_on=on)
            entered.append(new.id)
    return Adopted(entered=tuple(entered), filled=filled)
