"""Rows: numbers, cut halves, merged cells, strays, and everything that is no row."""

from __future__ import annotations

import pytest

from tests.notices.ground import codes, reading_of
from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, THIRD, html, line, stacked, table
from tracker.notices.reading.document import Reading, ReadMeasure, read


def measures(reading: Reading) -> tuple[ReadMeasure, ...]:
    [listed] = reading.lists
    return listed.measures


def numbers(reading: Reading) -> list[str]:
    return [measure.no for measure in measures(reading)]


@pytest.mark.parametrize("form", ["{}", "{}.", "{}、", "（{}）", "({})", "０{}", " {} "])
def test_numbers_are_printed_in_many_ways(form: str) -> None:
    rows = [(form.format(row[0]), *row[1:]) for row in ROWS]
    assert numbers(reading_of(table(*rows))) == ["1", "2", "3"]


@pytest.mark.parametrize("digits", ["１２３", "①②③", "⑴⑵⑶", "⒈⒉⒊"])
def test_digits_of_other_shapes_are_digits(digits: str) -> None:
    rows = [(digit, *row[1:]) for digit, row in zip(digits, ROWS, strict=True)]
    assert numbers(reading_of(table(*rows))) == ["1", "2", "3"]


def test_numbers_in_words_and_of_two_levels_stay_as_printed() -> None:
    rows = [(no, *FIRST[1:]) for no in ("一", "（二）", "3.1", "3-2")]
    assert numbers(reading_of(table(*rows))) == ["一", "二", "3.1", "3-2"]


def test_a_row_cut_by_a_page_break_is_joined_and_told() -> None:
    halves = (*FIRST[:2], "企业在网上约", "海关总署", ""), ("", "", "好时段。", "广东分署", "")
    text = table(halves[0]) + f"\n\n{line(HEADER)}\n{line(halves[1])}\n{line(SECOND)}"
    reading = reading_of(text)
    assert numbers(reading) == ["1", "2"]
    assert measures(reading)[0].content == "企业在网上约好时段。"
    assert measures(reading)[0].units_seams == (4,)
    assert "“海关总署｜广东分署”" in reading.findings[0].message


def test_a_cut_row_is_joined_over_three_pages() -> None:
    again = f"\n\n{line(HEADER)}\n"
    text = table((*FIRST[:2], "甲", *FIRST[3:])) + again + "\t\t乙\t\t" + again + "\t\t丙\t\t"
    assert [m.content for m in measures(reading_of(text))] == ["甲乙丙"]


def test_a_row_without_a_number_is_a_row_and_told() -> None:
    reading = reading_of(table(FIRST, ("", *SECOND[1:]), ("2", *THIRD[1:])))
    assert numbers(reading) == ["1", "缺号1", "2"]
    assert [f.code for f in reading.findings] == ["number-missing"]


def test_a_number_left_out_is_seen_by_the_number_that_follows() -> None:
    short = ("", SECOND[1], "没有句号的内容", SECOND[3], "")
    reading = reading_of(table(FIRST, short, THIRD))
    assert numbers(reading) == ["1", "缺号1", "3"]


def test_a_word_where_the_number_should_be_makes_a_row() -> None:
    reading = reading_of(table(FIRST, ("新增", *SECOND[1:])))
    assert numbers(reading) == ["1", "新增"]
    assert "印作“新增”" in reading.findings[0].message


def test_a_number_left_out_of_the_count_is_told() -> None:
    reading = reading_of(table(FIRST, THIRD))
    assert reading.findings[0].message == "序号不连续，缺少2，请核对原文是否删减。"


def test_a_number_far_too_large_is_told_with_the_first_that_are_missing() -> None:
    reading = reading_of(table(FIRST, ("9999", *SECOND[1:])))
    assert "缺少2、3、4" in reading.findings[0].message
    assert "等9997个" in reading.findings[0].message


def test_a_number_printed_twice_is_told_and_both_rows_are_kept_apart() -> None:
    reading = reading_of(table(FIRST, SECOND, ("2", *THIRD[1:])))
    assert numbers(reading) == ["1", "2", "2重2"]
    assert codes(reading) == ["number-doubled", "number-doubled"]


def test_a_table_without_numbers_counts_its_rows_over_pages() -> None:
    rows = [row[1:] for row in ROWS]
    text = table(*rows[:2], header=HEADER[1:]) + f"\n\n{line(HEADER[1:])}\n{line(rows[2])}"
    reading = reading_of(text)
    assert numbers(reading) == ["1", "2", "3"]
    assert codes(reading) == []


def test_a_column_of_empty_numbers_is_counted_and_told() -> None:
    reading = reading_of(table(*[("", *row[1:]) for row in ROWS]))
    assert numbers(reading) == ["1", "2", "3"]
    assert "序号一栏全部为空" in reading.findings[0].message


def test_empty_cells_are_told_by_their_column() -> None:
    reading = reading_of(table(("1", "", "内容。", "", "")))
    found = [(f.code, f.no, f.column) for f in reading.findings]
    assert found == [("empty-cell", "1", name) for name in ("事项", "责任单位", "推广范围")]


def test_a_list_that_names_no_units_anywhere_is_told() -> None:
    reading = reading_of(table(FIRST[:3], header=HEADER[:3]))
    assert [f.column for f in reading.findings] == ["责任单位"]


def test_cells_beyond_the_header_are_told() -> None:
    reading = reading_of(table((*FIRST, "另注"), SECOND))
    assert "多出“另注”" in reading.findings[0].message
    assert measures(reading)[0].scope_raw == FIRST[4]


def test_a_stray_line_between_rows_is_told_and_ends_nothing() -> None:
    text = table(FIRST) + f"\n此处由某处补充\n{line(SECOND)}\n{line(THIRD)}"
    reading = reading_of(text)
    assert numbers(reading) == ["1", "2", "3"]
    assert codes(reading) == ["stray-text"]


def test_a_stray_line_before_a_missing_number_ends_nothing() -> None:
    text = table(FIRST) + f"\n此处由某处补充\n{line(THIRD)}"
    assert numbers(reading_of(text)) == ["1", "3"]


@pytest.mark.parametrize("mark", ["— 3 —", "-3-", "第3页 共9页", "（续表）", "续上表", "3/9"])
def test_what_a_page_prints_around_a_table_is_nothing(mark: str) -> None:
    text = table(FIRST) + f"\n\n{mark}\n\n{line(HEADER)}\n{line(SECOND)}\n{mark}\n{line(THIRD)}"
    reading = reading_of(text)
    assert numbers(reading) == ["1", "2", "3"]
    assert codes(reading) == []


def test_a_bare_page_number_is_no_row() -> None:
    reading = reading_of(table(FIRST) + f"\n17\n{line(SECOND)}")
    assert numbers(reading) == ["1", "2"]


def test_paragraphs_after_the_table_belong_to_the_notice() -> None:
    text = table(*ROWS) + "\n二、工作要求\n（一）加强领导。各地要落实。\n抄送：各有关单位。"
    reading = reading_of(text)
    assert numbers(reading) == ["1", "2", "3"]
    assert codes(reading) == []


def test_a_stacked_row_with_a_cell_too_few_is_told() -> None:
    reading = reading_of(stacked(FIRST, SECOND[:4], THIRD))
    assert numbers(reading) == ["1", "2", "3"]
    assert ("cell-count", "2") in [(f.code, f.no) for f in reading.findings]


def test_a_stacked_content_of_several_lines_is_one_and_told() -> None:
    reading = reading_of(stacked((*FIRST[:2], "甲。\n乙。", *FIRST[3:]), SECOND))
    assert measures(reading)[0].content == "甲。\n乙。"
    assert codes(reading) == ["cell-count"]


def test_a_content_that_runs_over_lines_of_text_is_one_cell() -> None:
    text = table((*FIRST[:2], "甲。\n乙。\n丙。", *FIRST[3:]), SECOND)
    first, second = measures(reading_of(text))
    assert (first.content, first.units_raw) == ("甲。\n乙。\n丙。", FIRST[3])
    assert second.title == SECOND[1]


def test_a_cell_that_excel_quoted_is_one_cell() -> None:
    text = table((*FIRST[:2], '"甲，称""乙""。\n丙。"', *FIRST[3:]), SECOND)
    assert measures(reading_of(text))[0].content == '甲，称"乙"。\n丙。'


def test_a_title_broken_over_lines_is_one_title() -> None:
    page = html((FIRST[0], "夜间查验<br>预约", *FIRST[2:]))
    assert measures(read(page.encode()))[0].title == "夜间查验预约"


def test_a_cell_merged_over_rows_speaks_for_each() -> None:
    page = html(("1", "甲", "某。", "省商务厅", "全省"), ("2", "乙", "某。", "全国"))
    page = page.replace("<td>省商务厅<", '<td rowspan="2">省商务厅<')
    reading = read(page.encode())
    first, second = measures(reading)
    assert [(f.code, f.no) for f in reading.findings] == [("cell-inherited", "2")]
    assert (first.units_raw, second.units_raw, second.scope_raw) == ("省商务厅", "省商务厅", "全国")


def test_a_number_merged_over_rows_makes_one_measure_of_them() -> None:
    page = html(("1", "甲", "某。", "省商务厅", "全省"), ("某某。", "省税务局", "全省"), SECOND)
    page = page.replace("<td>1<", '<td rowspan="2">1<').replace("<td>甲<", '<td rowspan="2">甲<')
    reading = read(page.encode())
    first, second = measures(reading)
    assert (first.title, first.content) == ("甲", "某。\n某某。")
    assert (first.units_raw, second.no) == ("省商务厅\n省税务局", "2")
    assert "row-spans" in codes(reading)


def test_stacked_units_of_several_lines_follow_the_last_sentence() -> None:
    row = (*FIRST[:3], "省商务厅\n省税务局", FIRST[4])
    first, _ = measures(reading_of(stacked(row, SECOND)))
    assert (first.content, first.units_raw) == (FIRST[2], "省商务厅\n省税务局")


def test_the_last_stacked_row_is_not_cut_off_before_its_last_cell() -> None:
    last = (*THIRD[:3], "省商务厅\n省税务局", FIRST[4])
    found = measures(reading_of(stacked(FIRST, SECOND, last)))[-1]
    assert (found.units_raw, found.scope_raw) == ("省商务厅\n省税务局", FIRST[4])
