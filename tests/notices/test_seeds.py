"""The five sources and their nine tables, as printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notices.ground import SOURCES, bare
from tests.notices.printed import printed
from tracker.notices.drafting import Draft
from tracker.notices.reading.document import Reading, ReadMeasure

MEASURES = {
    "000": [19],
    "001": [20],
    "002": [38],
    "003": [36, 37],
    "004": [13, 23, 11, 11],
}
UNIT_TASKS = {
    "000": [57],
    "001": [30],
    "002": [46],
    "003": [72, 60],
    "004": [54, 84, 21, 22],
}

Readings = dict[str, Reading]
Drafts = dict[str, Draft]


def as_printed(measure: ReadMeasure) -> dict[str, str]:
    return {
        "no": measure.no,
        "title": bare(measure.title),
        "content": bare(measure.content),
        "units": bare(measure.units_raw),
        "scope": bare(measure.scope_raw),
        "note": bare(measure.note),
    }


@pytest.mark.parametrize("number", SOURCES)
def test_it_finds_every_measure_of_every_table(readings: Readings, number: str) -> None:
    assert [len(listed.measures) for listed in readings[number].lists] == MEASURES[number]


@pytest.mark.parametrize("number", SOURCES)
def test_every_cell_says_what_the_source_prints(
    readings: Readings, shared: Path, number: str
) -> None:
    empty = {"scope": "", "note": ""}
    expected = [[{**empty, **row} for row in table] for table in printed(shared, number)]
    found = [list(map(as_printed, listed.measures)) for listed in readings[number].lists]
    assert found == expected


@pytest.mark.parametrize("number", SOURCES)
def test_every_measure_knows_the_line_it_stands_on(
    readings: Readings, shared: Path, number: str
) -> None:
    lines = next((shared / "seeds").glob(f"{number}_*")).read_text("utf-8").split("\n")
    for listed in readings[number].lists:
        for measure in listed.measures:
            assert measure.place.line is not None
            assert bare(lines[measure.place.line - 1]).startswith(measure.no)


@pytest.mark.parametrize("number", SOURCES)
def test_unit_tasks_are_counted_for_each_table(drafts: Drafts, number: str) -> None:
    found = [
        sum(len({m.whose for m in measure.mentions}) for measure in listed.measures)
        for listed in drafts[number].lists
    ]
    assert found == UNIT_TASKS[number]
    assert drafts[number].unit_tasks == sum(UNIT_TASKS[number])


def test_local_tasks_rest_on_printed_scopes_or_on_the_notice(drafts: Drafts) -> None:
    printed_scopes = sum(drafts[number].local_tasks for number in ("000", "001", "002", "003"))
    assert (printed_scopes, drafts["004"].local_tasks) == (1_478, 1_218)


def test_lists_without_a_scope_column_take_the_notices_words(drafts: Drafts) -> None:
    said = {(listed.scope_raw, listed.scope_words) for listed in drafts["004"].lists}
    assert said == {("全省", "我省决定全面开展")}


def test_the_2019_lists_tell_what_must_from_what_may(readings: Readings) -> None:
    adoptions = [listed.adoption for listed in readings["004"].lists]
    assert adoptions == ["复制推广", "借鉴", "复制推广", "借鉴"]


def test_it_reads_two_notices_from_the_file_that_forwards_one(readings: Readings) -> None:
    heads = [(n.doc_no, n.issuer, str(n.issued_on)) for n in readings["003"].notices]
    assert heads == [
        ("粤府函〔2020〕146号", "广东省人民政府", "2020-08-16"),
        ("国函〔2020〕96号", "国务院", "2020-06-28"),
    ]
    assert [listed.notice for listed in readings["003"].lists] == [0, 1]


def test_a_title_cut_in_the_middle_of_a_word_is_whole(readings: Readings) -> None:
    assert readings["003"].notices[0].title.endswith("复制推广工作的通知")


def test_sections_become_groups_below_the_lists_own_heading(readings: Readings) -> None:
    first = readings["004"].lists[0]
    assert first.heading == "一、国家要求复制推广的改革举措（13项）"
    assert first.measures[0].group == "（一）开办企业（5项）"
    assert readings["002"].lists[0].measures[37].group == "七、体制机制创新（4项）"


def test_shenzhen_is_shown_as_done_and_does_not_owe(drafts: Drafts) -> None:
    scope = drafts["001"].lists[0].measures[2].scope
    assert (len(scope.cities), scope.done) == (20, ("深圳市",))


def test_a_city_body_printed_short_is_that_citys(drafts: Drafts) -> None:
    mention = drafts["002"].lists[0].measures[1].mentions[0]
    assert mention.printed == "市市场监管局"
    assert mention.unit is not None
    assert mention.unit.name == "深圳市市场监管局"


def test_21_measures_are_marked_as_deployed_already(drafts: Drafts) -> None:
    deployed = [m for _, m in drafts["004"].measures if m.is_deployed]
    assert len(deployed) == 21
    assert sum(len(m.mentions) for m in deployed) == 82
