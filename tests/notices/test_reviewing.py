"""Findings of a draft: each with its place and a sentence, and all at once."""

from __future__ import annotations

from tests.notices.ground import codes, drafted, reading_of, tracked
from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, THIRD, table
from tracker.notices.drafting import Draft
from tracker.notices.findings import Finding
from tracker.notices.tracked import Tracked, TrackedMeasure, TrackedNotice

HEAD = "广东省商务厅关于推广经验的通知\n粤商务函〔2027〕1号\n各市：\n包括{}。\n附件\n"
QUOTED = "“夜间查验预约”、“船票一码通行”、“园区用电托管”"
OPEN = ("scope-waiting", "unknown-unit", "open-ended", "heading-count", "empty-cell")


def draft_of(text: str, known: Tracked | None = None) -> Draft:
    return drafted(reading_of(text), known)


def finding(draft: Draft, code: str) -> Finding:
    [found] = [f for f in draft.findings if f.code == code]
    return found


def known_notice(*rows: tuple[str, ...]) -> Tracked:
    measures = [
        TrackedMeasure(list=1, no=no, title=title, units_raw=units, scope_raw=scope, note="")
        for no, title, _, units, scope in rows
    ]
    notice = TrackedNotice(
        id=9,
        title="广东省商务厅关于推广经验的通知",
        short_title="试点",
        doc_no="粤商务函〔2027〕1号",
        level="province",
        city=None,
        is_reference=False,
        forwards=None,
        scope_raw="",
        scope_words="",
        measures=measures,
    )
    return Tracked(notices=[notice])


def test_everything_is_found_at_once() -> None:
    rows = [
        ("一、甲类（9项）",),
        (*FIRST[:3], "省甲乙局、各企业", "某些口岸"),
        ("2", "", *SECOND[2:]),
    ]
    found = codes(draft_of(table(*rows)))
    assert set(OPEN) <= set(found)


def test_a_finding_names_sheet_or_line_row_and_column() -> None:
    found = finding(draft_of(table((*FIRST[:3], "省甲乙局", "全省"))), "unknown-unit")
    assert found.where == "第4行 序号1 责任单位"
    assert found.as_json()["place"] == {"line": 4, "column": "责任单位"}
    assert (found.as_json()["list"], found.as_json()["no"]) == (0, "1")


def test_an_unknown_unit_comes_with_the_nearest_known_names() -> None:
    found = finding(draft_of(table((*FIRST[:3], "省住建厅", "全省"))), "unknown-unit")
    assert "“省住建厅”" in found.message
    assert "省住房城乡建设厅" in found.message


def test_names_told_apart_by_nothing_known_are_doubtful() -> None:
    page = "\n".join(
        ["序号\t事项\t主要内容\t牵头单位\t推广范围", "1\t甲\t某。\t省甲厅 省乙厅\t全省"]
    )
    found = finding(draft_of(page), "unit-break")
    assert "按几个单位理解" in found.message


def test_a_name_cut_in_a_way_nothing_explains_is_doubtful() -> None:
    found = finding(draft_of(table((*FIRST[:3], "省某某产业 推进办公室", "全省"))), "unit-break")
    assert "按一个单位理解" in found.message


def test_a_scope_no_document_defines_waits() -> None:
    found = finding(draft_of(table((*FIRST[:4], "有条件的口岸"))), "scope-waiting")
    assert "“有条件的口岸”" in found.message


def test_a_body_that_names_a_measure_otherwise_is_told() -> None:
    body = HEAD.format(QUOTED.replace("一码通行", "一码通用"))
    found = finding(draft_of(body + table(*ROWS)), "body-name")
    assert (found.no, found.column) == ("2", "事项")
    assert "船票一码通用" in found.message


def test_a_body_that_names_all_as_the_table_does_is_fine() -> None:
    assert "body-name" not in codes(draft_of(HEAD.format(QUOTED) + table(*ROWS)))


def test_a_body_that_enumerates_nothing_says_nothing() -> None:
    assert "body-name" not in codes(draft_of(HEAD.format("若干经验") + table(*ROWS)))


def test_a_title_of_another_notice_is_told() -> None:
    found = finding(
        draft_of(table(("1", "知识产权证券化", "某。", "省商务厅", "全省")), tracked()),
        "title-tracked",
    )
    assert "营商环境改革举措清单4第3项" in found.message


def test_a_title_known_but_for_its_quotation_marks_is_told() -> None:
    row = ("1", "船员任解职 “不见面” 办理", "某。", "广东海事局", "全省")
    assert "title-tracked" in codes(draft_of(table(row), tracked()))


def test_an_edition_that_changes_a_tracked_measure_shows_what() -> None:
    before = known_notice(FIRST, SECOND, ("4", *THIRD[1:]))
    after = HEAD.format(QUOTED) + table(FIRST, (*SECOND[:3], "省商务厅", "全省范围"), THIRD)
    said = [f.message for f in draft_of(after, before).findings if f.code == "difference"]
    assert len(said) == 3
    assert said[0].startswith("责任单位与已跟踪的不同：原为“省交通运输厅、广东海事局”")
    assert "不在已跟踪的事项之内" in said[1]
    assert "本文件中没有" in said[2]


def test_the_same_document_again_shows_no_difference() -> None:
    text = HEAD.format(QUOTED) + table(*ROWS, header=HEADER)
    assert "difference" not in codes(draft_of(text, known_notice(*ROWS)))
