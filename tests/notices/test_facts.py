"""The facts in seeds/ agree with what the sources print, and say nothing in their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notices.ground import FACTS, bare, facts
from tests.notices.printed import printed
from tracker.notices.reading.document import Reading, ReadList, ReadNotice

# Where each notice's lists stand: the source, and the first of its lists there.
SOURCE = {
    "ftz-10": ("000", 0),
    "yfh-2023-59": ("001", 0),
    "qianhai-6": ("002", 0),
    "yfh-2020-146": ("003", 0),
    "gh-2020-96": ("003", 1),
    "ybh-2019-376": ("004", 0),
}
LONGEST_GIST = 60
LONGEST_LOAN = 11


def read_lists(readings: dict[str, Reading], slug: str) -> list[ReadList]:
    number, first = SOURCE[slug]
    count = len(facts(slug).reading.lists)
    return list(readings[number].lists[first : first + count])


def read_notice(readings: dict[str, Reading], slug: str) -> ReadNotice:
    number, first = SOURCE[slug]
    reading = readings[number]
    return reading.notices[reading.lists[first].notice]


def table_of(listed: ReadList) -> list[tuple[str, ...]]:
    return [
        tuple(map(bare, (m.no, m.title, m.units_raw, m.scope_raw, m.group, m.note)))
        for m in listed.measures
    ]


@pytest.mark.parametrize("slug", FACTS)
def test_no_fact_of_a_measure_differs_from_the_source(
    readings: dict[str, Reading], slug: str
) -> None:
    known = [table_of(listed) for listed in facts(slug).reading.lists]
    assert known == [table_of(listed) for listed in read_lists(readings, slug)]


@pytest.mark.parametrize("slug", FACTS)
def test_headings_and_adoption_agree_list_by_list(readings: dict[str, Reading], slug: str) -> None:
    known = [(bare(each.heading), each.adoption) for each in facts(slug).reading.lists]
    found = [(bare(each.heading), each.adoption) for each in read_lists(readings, slug)]
    assert known == found


@pytest.mark.parametrize("slug", FACTS)
def test_the_head_of_the_notice_agrees(readings: dict[str, Reading], slug: str) -> None:
    known, found = facts(slug).reading.notices[0], read_notice(readings, slug)
    assert (known.title, known.doc_no, known.issuer, known.issued_on) == (
        found.title,
        found.doc_no,
        found.issuer,
        found.issued_on,
    )


@pytest.mark.parametrize("slug", FACTS)
def test_the_words_a_duty_rests_on_stand_in_the_notice(
    readings: dict[str, Reading], slug: str
) -> None:
    body = bare(read_notice(readings, slug).body)
    duties = facts(slug).head.get("duty", ())
    assert [duty["words"] for duty in duties if duty["words"] not in body] == []


@pytest.mark.parametrize("slug", FACTS)
def test_every_measure_has_a_gist_of_its_own_in_one_line(slug: str) -> None:
    known = facts(slug)
    for position, listed in enumerate(known.reading.lists, start=1):
        for measure in listed.measures:
            gist = known.gists[position, measure.no]
            assert 0 < len(gist) <= LONGEST_GIST, gist
            assert bare(gist) != bare(measure.title)


@pytest.mark.parametrize("slug", FACTS)
def test_no_gist_borrows_twelve_characters_of_the_official_text(shared: Path, slug: str) -> None:
    number, first = SOURCE[slug]
    official = printed(shared, number)
    for (position, no), gist in facts(slug).gists.items():
        content = next(r for r in official[first + position - 1] if r["no"] == no)["content"]
        for begin in range(len(bare(gist)) - LONGEST_LOAN):
            assert bare(gist)[begin : begin + LONGEST_LOAN + 1] not in content, (no, gist)
