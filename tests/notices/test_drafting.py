"""Drafts: whose the names are, where a measure applies, and what would follow."""

from __future__ import annotations

import pytest

from tests.notices.ground import codes, drafted, reading_of, roster
from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, line, table
from tracker.notices.drafting import Decisions, Draft, DraftMeasure, draft
from tracker.notices.tracked import Tracked

WITH_SUPPORT = ("序号", "改革事项", "主要内容", "省牵头单位", "配合单位", "推广范围", "备注")


def draft_of(text: str) -> Draft:
    return drafted(reading_of(text))


def only(text: str) -> DraftMeasure:
    [(_, measure)] = draft_of(text).measures
    return measure


def roles(measure: DraftMeasure) -> list[tuple[str, str]]:
    return [(m.name, m.role) for m in measure.mentions]


def with_units(units: str, scope: str = "全省") -> str:
    return table((*FIRST[:3], units, scope))


def test_units_of_the_lead_column_lead_and_of_the_other_support() -> None:
    measure = only(
        table((*FIRST[:3], "省商务厅、省税务局", "省公安厅", "全省", ""), header=WITH_SUPPORT)
    )
    assert roles(measure) == [("省商务厅", "lead"), ("省税务局", "lead"), ("省公安厅", "support")]


def test_roles_may_be_printed_in_one_cell() -> None:
    measure = only(with_units("省商务厅牵头，省税务局、省公安厅配合"))
    assert [role for _, role in roles(measure)] == ["lead", "support", "support"]


def test_only_the_first_leads_where_the_document_says_so() -> None:
    note = "\n注：责任单位中排在第一位的为牵头单位"
    measures = [m for _, m in draft_of(with_units("省商务厅、省税务局") + note).measures]
    assert roles(measures[0]) == [("省商务厅", "lead"), ("省税务局", "support")]


def test_a_unit_printed_under_two_names_has_one_task() -> None:
    draft = draft_of(with_units("省药监局、省药品监管局"))
    assert draft.unit_tasks == 1
    assert "unit-repeated" in codes(draft)


def test_brackets_of_either_width_name_the_same_unit() -> None:
    assert all(m.unit for m in only(with_units("省商务厅（自贸办）")).mentions)
    assert all(m.unit for m in only(with_units("省商务厅(自贸办)")).mentions)


@pytest.mark.parametrize("note", ["我省已部署实施相关改革工作", "已部署", "我省已 部署\n实施"])
def test_a_note_tells_that_it_is_deployed_already(note: str) -> None:
    assert only(table((*FIRST, note), header=(*HEADER, "备注"))).is_deployed


def test_any_other_note_tells_nothing() -> None:
    assert not only(table((*FIRST, "新增事项"), header=(*HEADER, "备注"))).is_deployed


def test_lists_without_scopes_take_the_words_of_the_body() -> None:
    head = "广东省商务厅关于推广经验的通知\n粤商务函〔2027〕1号\n各市：\n"
    body = "现决定在全省范围内复制推广。\n附件\n"
    draft = draft_of(head + body + table(FIRST[:4], header=HEADER[:4]))
    assert (draft.lists[0].scope_raw, draft.lists[0].scope_words) == (
        "全省",
        "在全省范围内复制推广",
    )
    assert draft.local_tasks == 21


def test_lists_without_scopes_or_words_make_no_local_tasks() -> None:
    draft = draft_of(table(FIRST[:4], header=HEADER[:4]))
    assert draft.local_tasks == 0
    assert "scope-missing" in codes(draft)


def test_a_state_document_neither_resolves_scopes_nor_waits() -> None:
    head = "国务院关于推广经验的通知\n国函〔2027〕1号\n各省：\n附件\n"
    draft = draft_of(head + table(FIRST, (*SECOND[:4], "某些口岸")))
    assert draft.notices[0].is_reference
    assert draft.local_tasks == 0
    assert "scope-waiting" not in codes(draft)


def test_a_title_of_the_province_that_names_a_city_stays_the_provinces() -> None:
    provincial = draft_of(table(*ROWS, title="广东省推广深圳经验任务分工表"))
    citys = draft_of(table(*ROWS, title="深圳市推广经验任务分工表"))
    assert [(d.notices[0].level, d.notices[0].city) for d in (provincial, citys)] == [
        ("province", None),
        ("city", "深圳市"),
    ]


def test_a_person_settles_names_and_scopes() -> None:
    reading = reading_of(table((*FIRST[:3], "省甲乙局", "某些口岸")))
    unit = roster().names["省商务厅"]
    decisions = Decisions(names={"省甲乙局": unit}, scopes={"1/1": ("广州市", "汕头市")})
    made = draft(reading, roster=roster(), tracked=Tracked(), decisions=decisions)
    [(_, measure)] = made.measures
    assert measure.mentions[0].unit == unit
    assert (made.unknown, made.local_tasks) == ({}, 2)


def test_unknown_names_are_listed_with_their_rows() -> None:
    text = table(("1", "甲", "某。", "省甲乙局", "全省"), ("2", "乙", "某。", "省甲乙局", "全省"))
    assert draft_of(text).unknown == {"省甲乙局": ["1/1", "1/2"]}


def test_one_unit_a_line_is_as_many_units() -> None:
    quoted = f'{line((*FIRST[:3], chr(34) + "省商务厅"))}\n省税务局"\t全省'
    measure = only("\n".join([line(HEADER), quoted]))
    assert [m.name for m in measure.mentions] == ["省商务厅", "省税务局"]
