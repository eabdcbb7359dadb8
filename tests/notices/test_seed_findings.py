"""What looks wrong in the five sources: exactly that, and at its place."""

from __future__ import annotations

from collections import Counter

from tests.notices.ground import drafted
from tracker.notices.drafting import Draft
from tracker.notices.findings import Finding
from tracker.notices.reading.document import Reading

Drafts = dict[str, Draft]
OPEN_CLASSES = ["1", "10", "11", "12", "13", "14", "15", "16"]


def found(drafts: Drafts, code: str) -> list[tuple[str, Finding]]:
    return [(no, f) for no, draft in drafts.items() for f in draft.findings if f.code == code]


def places(drafts: Drafts, code: str) -> list[tuple[str, int | None, str | None]]:
    return [(number, f.list, f.no) for number, f in found(drafts, code)]


def test_nothing_else_is_found(drafts: Drafts) -> None:
    counted = Counter(f.code for draft in drafts.values() for f in draft.findings)
    assert counted == {
        "body-name": 3,
        "heading-count": 1,
        "page-join": 4,
        "unit-mended": 1,
        "open-ended": 10,
        "scope-waiting": 4,
        "scope-assumed": 4,
        "title-tracked": 5,
    }


def test_the_body_names_three_measures_otherwise_than_the_table(drafts: Drafts) -> None:
    assert places(drafts, "body-name") == [("001", 0, "11"), ("004", 1, "4"), ("004", 3, "4")]
    said = [f.message for _, f in found(drafts, "body-name")]
    names = [
        ("授权使用用数", "授权用证用数"),
        ("工程招标投标", "工程招投标"),
        ("创新创业", "创业创新"),
    ]
    for message, (table, body) in zip(said, names, strict=True):
        assert table in message.split("，")[0]
        assert body in message.split("，")[1]


def test_a_heading_announces_one_measure_and_has_two(drafts: Drafts) -> None:
    [(number, finding)] = found(drafts, "heading-count")
    assert (number, finding.list, finding.place.line) == ("004", 3, 172)
    assert finding.message == "标题“(三)获得信贷(1项)”写明1项，表中实有2项。"


def test_four_rows_of_the_states_table_were_cut_by_page_breaks(drafts: Drafts) -> None:
    rows = [("003", 1, no) for no in ("5", "11", "26", "32")]
    assert places(drafts, "page-join") == rows


def test_a_ministry_printed_with_a_doubled_character_is_mended(drafts: Drafts) -> None:
    [(_, finding)] = found(drafts, "unit-mended")
    assert "“住房城乡建设设部”" in finding.message
    mentions = drafts["003"].lists[1].measures[4].mentions
    assert [m.printed for m in mentions][2] == "住房城乡建设部"


def test_ten_rows_are_open_ended_and_no_other(drafts: Drafts) -> None:
    classes = [("002", 0, no) for no in OPEN_CLASSES]
    expected = [("000", 0, "16"), *classes, ("004", 0, "13")]
    assert places(drafts, "open-ended") == expected
    is_open = [
        (number, at, measure.no)
        for number, draft in drafts.items()
        for at, measure in draft.measures
        if measure.is_open_ended
    ]
    assert is_open == expected


def test_four_scopes_wait_for_the_office(drafts: Drafts) -> None:
    rows = [("001", 0, "12"), ("002", 0, "9"), ("003", 0, "14"), ("003", 0, "25")]
    assert places(drafts, "scope-waiting") == rows


def test_titles_that_stand_in_two_notices_are_told_on_both_sides(drafts: Drafts) -> None:
    told = [f.message.split("”")[0] for _, f in found(drafts, "title-tracked")]
    # 知识产权证券化 stands in the State's table, in the province's, and in that of 2019.
    assert Counter(told) == {"“船员任解职“不见面": 2, "“知识产权证券化": 3}


def test_every_finding_is_a_sentence_for_a_person(drafts: Drafts) -> None:
    for draft in drafts.values():
        for finding in draft.findings:
            assert finding.message.endswith("。")
            assert finding.list is not None


def test_a_first_import_says_whose_names_are_meant(readings: dict[str, Reading]) -> None:
    codes = [f.code for f in drafted(readings["000"]).findings]
    assert codes == ["issuer-unknown", "open-ended"]
