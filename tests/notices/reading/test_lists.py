"""Lists: their headings, their sections, several in one document, and one over several pages."""

from __future__ import annotations

import pytest

from tests.notices.ground import codes, drafted, reading_of
from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, THIRD, TITLE, line, stacked, table
from tracker.notices.reading.document import Reading

NO_UNITS = ("序号", "改革举措", "主要做法", "备注")


def shape(reading: Reading) -> list[tuple[str, list[str]]]:
    return [(listed.heading, [m.no for m in listed.measures]) for listed in reading.lists]


def groups(reading: Reading) -> list[tuple[str, str]]:
    return [(m.section, m.group) for listed in reading.lists for m in listed.measures]


def test_a_heading_is_put_together_from_its_lines() -> None:
    text = table(*ROWS, title="附件1\n\n示范区第一批经验\n\n  任务分工表")
    assert shape(reading_of(text)) == [(TITLE, ["1", "2", "3"])]


def test_a_header_that_comes_again_goes_on_with_the_list() -> None:
    text = "\n\n".join([table(FIRST), line(HEADER), line(SECOND), line(HEADER), line(THIRD)])
    assert shape(reading_of(text)) == [(TITLE, ["1", "2", "3"])]


def test_two_tables_one_after_the_other_are_two_lists() -> None:
    text = table(*ROWS) + "\n\n" + table(FIRST, SECOND, title="另一张任务分工表")
    assert shape(reading_of(text)) == [(TITLE, ["1", "2", "3"]), ("另一张任务分工表", ["1", "2"])]


def test_numbers_that_begin_anew_make_a_list_without_a_heading() -> None:
    text = f"{table(*ROWS)}\n\n{line(HEADER)}\n{line(FIRST)}"
    assert [numbers for _, numbers in shape(reading_of(text))] == [["1", "2", "3"], ["1"]]


def test_a_heading_above_each_header_makes_a_list_of_its_own() -> None:
    lists = [table(FIRST, title="一、必须推广（1项）"), table(FIRST, title="二、可供借鉴（1项）")]
    reading = reading_of("\n".join(lists))
    assert shape(reading) == [("一、必须推广（1项）", ["1"]), ("二、可供借鉴（1项）", ["1"])]
    assert [listed.adoption for listed in reading.lists] == ["复制推广", "借鉴"]


def test_numbers_that_begin_anew_below_each_heading_are_lists() -> None:
    rows = [("一、甲类",), FIRST, SECOND, ("二、乙类",), FIRST, SECOND, THIRD]
    reading = reading_of(table(*rows))
    assert shape(reading) == [("一、甲类", ["1", "2"]), ("二、乙类", ["1", "2", "3"])]


def test_numbers_that_go_on_below_each_heading_are_one_list() -> None:
    rows = [("一、甲类（1项）",), FIRST, ("二、乙类（2项）",), SECOND, THIRD]
    reading = reading_of(table(*rows))
    assert shape(reading) == [(TITLE, ["1", "2", "3"])]
    assert groups(reading) == [("", "一、甲类（1项）"), *[("", "二、乙类（2项）")] * 2]


def test_a_heading_below_a_heading_gives_the_group() -> None:
    rows = [("一、甲类",), ("（一）子类",), FIRST, ("（二）子类",), SECOND, ("二、乙类",), THIRD]
    assert groups(reading_of(table(*rows))) == [
        ("一、甲类", "（一）子类"),
        ("一、甲类", "（二）子类"),
        ("", "二、乙类"),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ("第一部分 通关便利", "", "", "", ""),
        ("", "第一部分 通关便利", "", "", ""),
        ("第一部分 通关便利",),
    ],
)
def test_a_heading_may_stand_in_any_of_the_first_cells(cells: tuple[str, ...]) -> None:
    assert groups(reading_of(table(cells, FIRST, SECOND))) == [("", "第一部分通关便利")] * 2


def test_a_heading_and_its_number_may_stand_in_two_cells() -> None:
    rows = [("一", "通关便利", "", "", ""), FIRST, ("（二）", "航运", "", "", ""), SECOND]
    assert groups(reading_of(table(*rows)))[0] == ("", "一、通关便利")


def test_a_merged_row_of_few_words_is_a_heading_without_a_number() -> None:
    rows = [("通关便利", "", "", "", ""), FIRST, ("航运", "", "", "", ""), SECOND]
    assert groups(reading_of(table(*rows))) == [("", "通关便利"), ("", "航运")]


def test_units_named_in_a_heading_are_those_of_every_row_below() -> None:
    rows = [("（一）甲类（2项） 责任单位：省商务厅、省税务局",), FIRST[:3], SECOND[:3]]
    reading = reading_of(table(*rows, header=NO_UNITS))
    assert [m.units_raw for m in reading.lists[0].measures] == ["省商务厅、省税务局"] * 2
    assert codes(reading) == []


def test_units_on_the_line_below_a_heading_count_as_well() -> None:
    rows = [("（一）甲类",), ("牵头单位：省商务厅",), FIRST[:3], ("（二）乙类",), SECOND[:3]]
    first, second = reading_of(table(*rows, header=NO_UNITS)).lists[0].measures
    assert (first.units_raw, second.units_raw) == ("省商务厅", "")


def test_units_of_an_upper_heading_hold_below_the_lower_ones() -> None:
    rows = [
        ("一、甲类 责任单位：省商务厅",),
        ("（一）子类",),
        FIRST[:3],
        ("（二）子类",),
        SECOND[:3],
    ]
    reading = reading_of(table(*rows, header=NO_UNITS))
    assert [m.units_raw for m in reading.lists[0].measures] == ["省商务厅"] * 2


def test_units_of_a_heading_give_way_to_those_of_the_row() -> None:
    rows = [("一、甲类 责任单位：省商务厅", "", "", "", ""), FIRST, (*SECOND[:3], "", SECOND[4])]
    reading = reading_of(table(*rows))
    assert [m.units_raw for m in reading.lists[0].measures] == [FIRST[3], "省商务厅"]
    assert codes(reading) == []


def test_a_heading_that_counts_wrong_is_told_at_its_line() -> None:
    reading = reading_of(table(("一、甲类（3项）",), FIRST, SECOND))
    [finding] = reading.findings
    assert (finding.code, finding.place.line) == ("heading-count", 4)
    assert finding.message == "标题“一、甲类（3项）”写明3项，表中实有2项。"


def test_sections_go_on_over_a_page() -> None:
    text = table(("一、甲类（2项）",), FIRST) + f"\n\n{line(HEADER)}\n{line(SECOND)}"
    reading = reading_of(text)
    assert groups(reading) == [("", "一、甲类（2项）")] * 2
    assert codes(reading) == []


def test_stacked_sections_have_two_levels_as_well() -> None:
    rows = [("一、甲类",), ("（一）子类",), FIRST, SECOND]
    assert groups(reading_of(stacked(*rows))) == [("一、甲类", "（一）子类")] * 2


def test_an_empty_group_is_the_one_above_it() -> None:
    header = ("序号", "领域", "具体任务", "责任单位")
    rows = [("1", "通关", "甲", "省商务厅"), ("2", "", "乙", ""), ("3", "航运", "丙", "省税务局")]
    reading = reading_of(table(*rows, header=header))
    assert [m.group for m in reading.lists[0].measures] == ["通关", "通关", "航运"]
    assert [(f.code, f.no) for f in reading.findings] == [("cell-inherited", "2")]


def test_a_note_that_the_first_unit_leads_is_heard() -> None:
    note = "\n注：责任单位排在第一位的为牵头单位。"
    assert reading_of(table(*ROWS) + note).lists[0].first_leads
    assert not reading_of(table(*ROWS)).lists[0].first_leads


@pytest.mark.parametrize(
    "heading",
    ["（一）甲类（1项）（责任单位：省商务厅）", "（一）甲类（1项）\n责任单位：\n省商务厅"],
)
def test_units_of_a_heading_may_stand_in_brackets_or_below(heading: str) -> None:
    reading = reading_of(table((heading,), FIRST[:3], header=NO_UNITS))
    [measure] = reading.lists[0].measures
    assert (measure.group, measure.units_raw) == ("（一）甲类（1项）", "省商务厅")
    assert codes(reading) == []


def test_a_list_without_any_title_says_so() -> None:
    assert "title-missing" in codes(drafted(reading_of(table(*ROWS, title="附件"))))
