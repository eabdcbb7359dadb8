"""Headers: their words vary, they are cut, stacked, merged over two rows, and partly unknown."""

from __future__ import annotations

import pytest

from tests.notices.ground import codes, reading_of
from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, html, stacked, table
from tracker.notices.reading.document import Reading, read
from tracker.notices.reading.files import Unreadable


def only(reading: Reading) -> list[tuple[str, str, str, str, str]]:
    [listed] = reading.lists
    return [(m.no, m.title, m.content, m.units_raw, m.scope_raw) for m in listed.measures]


@pytest.mark.parametrize(
    "header",
    [
        ("序号", "事项", "主要内容", "牵头部门", "拟复制推广范围"),
        ("序号", "改革举措", "主要做法", "省负责单位", "推广范围"),
        ("编号", "试点任务", "实施内容", "责任单位", "复制推广范围"),
        ("序 号", "改 革 事 项", "主 要 内 容", "省牵头单位", "推广区域"),
        ("序号", "创新经验", "具体做法", "省级责任单位", "适用范围"),
        ("序号", "**事项**", "主要内容：", "责任单位（第一个为牵头）", "范围"),
    ],
)
def test_the_words_of_a_header_vary(header: tuple[str, ...]) -> None:
    assert only(reading_of(table(*ROWS, header=header))) == [*ROWS]


def test_words_that_stand_one_on_a_line_make_a_header() -> None:
    assert only(reading_of(stacked(*ROWS))) == [*ROWS]


def test_a_stacked_word_may_be_cut_in_the_middle() -> None:
    text = stacked(*ROWS).replace("改革事项", "改革\n事\n项").replace("推广范围", "推广\n\n范围")
    assert only(reading_of(text)) == [*ROWS]


def test_a_stacked_word_nobody_knows_takes_its_cell_along() -> None:
    header = (*HEADER[:3], "联系人", *HEADER[3:])
    rows = [(*row[:3], "某处", *row[3:]) for row in ROWS]
    reading = reading_of(stacked(*rows, header=header))
    assert only(reading) == [*ROWS]
    assert codes(reading) == ["column-unknown"]


def test_a_column_nobody_knows_is_told_and_left_out() -> None:
    rows = [(*row, "020-12345678") for row in ROWS]
    reading = reading_of(table(*rows, header=(*HEADER, "联系电话")))
    assert only(reading) == [*ROWS]
    assert "联系电话" in reading.findings[0].message


def test_a_second_header_row_divides_the_responsible_units() -> None:
    text = table(
        ("", "", "", "牵头单位", "配合单位", ""),
        ("1", *FIRST[1:4], "省商务厅", FIRST[4]),
        header=("序号", "事项", "主要内容", "责任单位", "", "推广范围"),
    )
    [measure] = reading_of(text).lists[0].measures
    assert (measure.units_raw, measure.support_raw) == (FIRST[3], "省商务厅")


def test_a_merged_header_of_a_page_is_divided_too() -> None:
    tall = '<th rowspan="2">'
    page = html(("1", *FIRST[1:4], "省商务厅", FIRST[4])).replace(
        "<tr><th>序号</th><th>改革事项</th><th>主要内容</th><th>牵头单位</th><th>推广范围</th></tr>",
        f'<tr>{tall}序号</th>{tall}事项</th>{tall}主要内容</th><th colspan="2">责任单位</th>'
        f"{tall}推广范围</th></tr><tr><th>牵头单位</th><th>配合单位</th></tr>",
    )
    [measure] = read(page.encode()).lists[0].measures
    assert (measure.no, measure.support_raw, measure.scope_raw) == ("1", "省商务厅", FIRST[4])


def test_two_columns_of_units_are_read_together() -> None:
    header = ("序号", "事项", "主要内容", "牵头单位", "责任单位", "推广范围")
    row = (*FIRST[:4], "省商务厅", FIRST[4])
    [measure] = reading_of(table(row, header=header)).lists[0].measures
    assert measure.units_raw == f"{FIRST[3]}；省商务厅"


def test_a_wider_task_groups_the_tasks_below_it() -> None:
    header = ("序号", "重点任务", "具体任务", "责任单位")
    reading = reading_of(table(("1", "通关", "夜间查验", "省商务厅"), header=header))
    [measure] = reading.lists[0].measures
    assert (measure.group, measure.title) == ("通关", "夜间查验")


def test_lead_support_scope_and_deadline_have_columns_of_their_own() -> None:
    header = ("序号", "改革事项", "主要内容", "省牵头单位", "配合单位", "推广范围", "完成时限")
    row = (*SECOND[:4], "省商务厅", "全省", "2027年6月底前")
    [measure] = reading_of(table(row, header=header)).lists[0].measures
    found = (measure.units_raw, measure.support_raw, measure.scope_raw, measure.deadline)
    assert found == (SECOND[3], "省商务厅", "全省", "2027年6月底前")


@pytest.mark.parametrize(
    "header", [("序号", "姓名", "职务"), ("序号", "事项"), ("甲", "乙", "丙", "丁")]
)
def test_other_tables_are_no_division_tables(header: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable, match="没有找到任务分工表"):
        reading_of(table(*ROWS, header=header))
