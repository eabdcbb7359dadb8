"""A paper as it leaves its maker: the file, and what each of its marked numbers counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.papers.official_form import Figure
from tracker.supervision.snapshots import OBLIGATIONS

URGE, BULLETIN, SITUATION = "urge", "bulletin", "situation"
KINDS = {URGE: "催办单", BULLETIN: "逾期情况通报", SITUATION: "情况报告"}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`ids` are None where the number is a sum of an annex's rows; `of` says what they are of."""

    word: str
    value: int
    ids: Sequence[int] | None = None
    of: str = OBLIGATIONS


@dataclass
class Figures:
    """Collects the marked numbers while a paper is written."""

    found: dict[str, Counted] = field(default_factory=dict)

    def put(
        self,
        mark: str,
        word: str,
        value: int,
        ids: Sequence[int] | None = None,
        *,
        of: str = OBLIGATIONS,
    ) -> Figure:
        """Ids that no longer come to the frozen number are not told as its reason."""
        known = sorted(ids) if ids is not None and len(ids) == value else None
        self.found[mark] = Counted(word=word, value=value, ids=known, of=of)
        return Figure(mark, value)


@dataclass(frozen=True, kw_only=True)
class Made:
    kind: str
    about: str
    office_id: int
    title: str
    addressee: str
    as_of: date
    data: bytes
    figures: dict[str, Counted]


def row_mark(obligation_id: int) -> str:
    """A row of an annex: the obligation that it tells of."""
    return f"_o{obligation_id}"
