"""A snapshot of what is tracked already, to compare a new document with. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.notices.reading.words import squeeze


@dataclass(frozen=True, kw_only=True)
class TrackedMeasure:
    list: int
    no: str
    title: str
    units_raw: str
    scope_raw: str
    note: str


@dataclass(frozen=True, kw_only=True)
class TrackedNotice:
    id: int
    title: str
    short_title: str
    doc_no: str
    level: str
    city: str | None
    is_reference: bool
    forwards: int | None
    scope_raw: str
    scope_words: str
    measures: Sequence[TrackedMeasure] = ()

    @property
    def by_place(self) -> Mapping[tuple[int, str], TrackedMeasure]:
        return {(measure.list, measure.no): measure for measure in self.measures}


@dataclass(frozen=True, kw_only=True)
class Tracked:
    notices: Sequence[TrackedNotice] = field(default=())

    def find(self, doc_no: str, title: str) -> TrackedNotice | None:
        """The same notice: by its number, or by its title where no number is printed."""
        for notice in self.notices:
            if doc_no and notice.doc_no == doc_no:
                return notice
            if not doc_no and squeeze(notice.title) == squeeze(title):
                return notice
        return None
