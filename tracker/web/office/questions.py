"""What a draft asks of a person: unknown names, open scopes, a new notice's particulars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.notices.drafting import Draft, DraftMeasure
from tracker.notices.handing_in import Settled, scope_key
from tracker.registry.roster import Roster, full_name
from tracker.registry.scopes import NONE, WAITING

LONGEST_TITLE = 60


@dataclass(frozen=True, kw_only=True)
class NameQuestion:
    key: str
    places: Sequence[str]
    nearest: Sequence[tuple[str, str]]
    answer: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ScopeQuestion:
    key: str
    printed: str
    heading: str
    places: Sequence[str]
    cities: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class NoticeQuestion:
    index: int
    title: str
    doc_no: str
    answer: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Questions:
    names: Sequence[NameQuestion] = field(default=())
    scopes: Sequence[ScopeQuestion] = field(default=())
    notices: Sequence[NoticeQuestion] = field(default=())

    @property
    def open_names(self) -> int:
        return sum(not question.answer for question in self.names)

    @property
    def open_scopes(self) -> int:
        return sum(not question.cities for question in self.scopes)


def asked(draft: Draft, settled: Settled, *, roster: Roster, office: str) -> Questions:
    return Questions(
        names=list(_names(draft, settled, roster)),
        scopes=list(_scopes(draft, settled)),
        notices=list(_notices(draft, settled, office)),
    )


def place_of(draft: Draft, list_index: int, measure: DraftMeasure) -> str:
    prefix = f"清单{list_index + 1}" if len(draft.lists) > 1 else ""
    return f"{prefix}第{measure.no}项"


def _names(draft: Draft, settled: Settled, roster: Roster) -> Iterator[NameQuestion]:
    """A name stays a question after it is answered, so that the answer can be changed."""
    places: dict[str, list[str]] = {}
    for index, measure in draft.measures:
        city = draft.notices[draft.lists[index].notice].city
        for mention in measure.mentions:
            key = full_name(mention.name, city)
            if (mention.unit is None or key in settled.names) and key not in roster.names:
                places.setdefault(key, []).append(place_of(draft, index, measure))
    for key, found in places.items():
        near = [(name, roster.names[name].name) for name in roster.nearest(key)]
        answer = settled.names.get(key, {})
        yield NameQuestion(key=key, places=found, nearest=near, answer=answer)


def _scopes(draft: Draft, settled: Settled) -> Iterator[ScopeQuestion]:
    """Only of new notices: what is tracked keeps its scopes."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for index, measure in draft.measures:
        notice = draft.notices[draft.lists[index].notice]
        if notice.tracked or notice.is_reference:
            continue
        key = scope_key(index, measure.scope_raw)
        if measure.scope.state in (WAITING, NONE) or key in settled.scopes:
            heading = draft.lists[index].heading
            _, _, places = found.setdefault(key, (measure.scope_raw, heading, []))
            places.append(place_of(draft, index, measure))
    for key, (printed, heading, places) in found.items():
        cities = settled.scopes.get(key, [])
        yield ScopeQuestion(key=key, printed=printed, heading=heading, places=places, cities=cities)


def _notices(draft: Draft, settled: Settled, office: str) -> Iterator[NoticeQuestion]:
    for index, notice in enumerate(draft.notices):
        if notice.tracked is None:
            proposed = {
                "short_title": (notice.doc_no or notice.title)[:LONGEST_TITLE],
                "office": office if notice.level == "province" else "",
                "forwards": "",
            }
            answer = settled.notices.get(str(index), proposed)
            yield NoticeQuestion(
                index=index, title=notice.title, doc_no=notice.doc_no, answer=answer
            )
