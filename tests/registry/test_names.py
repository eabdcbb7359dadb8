"""Lists of units as they are printed: who is named, in which role, and who is left open."""

from __future__ import annotations

import pytest

from tests.notices.ground import is_known, roster
from tracker.registry.names import CLASS, LEAD, SUPPORT, Named, UnitList, read_units
from tracker.registry.printings import is_class

BORDER = "出入境边防检查总站"


def units(raw: str, *seams: int, first_leads: bool = False) -> UnitList:
    return read_units(
        raw,
        seams=seams,
        cities=roster().city_names,
        is_known=is_known,
        first_leads=first_leads,
    )


def names(raw: str) -> list[str]:
    return [named.name for named in units(raw).names]


def roles(raw: str) -> list[tuple[str, str]]:
    return [(named.name, named.role) for named in units(raw).names]


@pytest.mark.parametrize(
    "mark", ["、", "，", "；", ",", ";", "、 ", "\n", " ", "。", "和", "与", "/"]
)
def test_names_are_separated_by_many_marks(mark: str) -> None:
    assert names(f"省商务厅{mark}省税务局") == ["省商务厅", "省税务局"]


@pytest.mark.parametrize("gap", [" ", "　", "\n", "\n  ", "\t"])
def test_a_name_the_registry_knows_whole_is_one_however_it_is_broken(gap: str) -> None:
    assert names(f"海关总署{gap}广东分署") == ["海关总署广东分署"]
    assert names(f"省商务厅\n海关总署{gap}广东分署") == ["省商务厅", "海关总署广东分署"]


def test_lines_are_put_together_so_that_most_of_them_is_known() -> None:
    raw = "省地方金融\n监管局\n人民银行\n广州分行\n省税务局"
    assert names(raw) == ["省地方金融监管局", "人民银行广州分行", "省税务局"]
    assert units(raw).doubtful == ()


def test_lines_nobody_knows_are_names_where_each_ends_like_one() -> None:
    found = units("省甲厅\n省乙局")
    assert [named.name for named in found.names] == ["省甲厅", "省乙局"]
    assert found.doubtful == ("省甲厅 省乙局",)


def test_lines_nobody_knows_are_one_name_where_the_first_does_not_end() -> None:
    found = units("省某某产业\n推进办公室")
    assert [named.name for named in found.names] == ["省某某产业推进办公室"]
    assert found.doubtful == ("省某某产业 推进办公室",)


def test_words_that_join_also_stand_inside_names() -> None:
    inside = ["省文化和旅游厅", "省政务服务和数据管理局", "省工业和信息化厅"]
    assert names("、".join(inside)) == inside


@pytest.mark.parametrize(
    "form",
    ["广州、深圳、珠海{}", "广州、\n深圳、珠海{}", "广州，深圳，珠海{}", "广州\n深圳\n珠海{}"],
)
def test_an_ending_printed_once_belongs_to_every_city(form: str) -> None:
    expected = [f"{city}{BORDER}" for city in ("广州", "深圳", "珠海")]
    assert names(form.format(BORDER)) == expected
    assert [named.printed for named in units(form.format(BORDER)).names] == expected


def test_an_ending_reaches_no_further_than_its_cities() -> None:
    raw = f"省商务厅、广州、深圳{BORDER}，省公安厅"
    assert names(raw) == ["省商务厅", f"广州{BORDER}", f"深圳{BORDER}", "省公安厅"]


def test_governments_of_several_cities_share_their_ending() -> None:
    assert names("广州、深圳市人民政府") == ["广州市人民政府", "深圳市人民政府"]
    found = units("广州市、深圳市、珠海市政府").names
    assert [named.name for named in found] == ["广州市政府", "深圳市政府", "珠海市政府"]
    assert [named.printed for named in found] == ["广州市", "深圳市", "珠海市政府"]


def test_a_word_printed_once_at_the_beginning_belongs_to_those_behind() -> None:
    found = units("省发展改革委、科技厅、工业和信息化厅").names
    assert [named.name for named in found] == ["省发展改革委", "省科技厅", "省工业和信息化厅"]
    assert [named.printed for named in found][1] == "科技厅"


def test_a_word_is_not_borrowed_where_it_makes_no_known_name() -> None:
    assert names("省商务厅、科技厅、某某中心")[1:] == ["省科技厅", "某某中心"]
    assert names("科技厅、省商务厅") == ["科技厅", "省商务厅"]


@pytest.mark.parametrize(
    "raw",
    [
        "省商务厅牵头，省税务局、省公安厅配合",
        "省商务厅牵头；省税务局、省公安厅参与",
        "省商务厅牵头负责，省税务局、省公安厅按职责分工负责",
        "由省商务厅牵头，会同省税务局、省公安厅",
        "省商务厅牵头\n省税务局、省公安厅配合",
        "牵头单位：省商务厅\n配合单位：省税务局、省公安厅",
        "牵头：省商务厅；配合：省税务局、省公安厅。",
        "省牵头单位：省商务厅 协办单位：省税务局 省公安厅",
        "（省商务厅牵头，省税务局、省公安厅协助）",
        "省商务厅（牵头）、省税务局（配合）、省公安厅（协办单位）",
    ],
)
def test_who_leads_and_who_supports_is_printed_in_many_ways(raw: str) -> None:
    expected = [("省商务厅", LEAD), ("省税务局", SUPPORT), ("省公安厅", SUPPORT)]
    assert roles(raw) == expected
    assert units(raw).doubtful == ()


@pytest.mark.parametrize(
    "raw",
    [
        "省商务厅、省税务局",
        "省商务厅、省税务局按职责分工负责",
        "省商务厅、省税务局（按照各自职责分工负责）",
        "省商务厅、省税务局分别负责",
        "责任单位：省商务厅、省税务局",
        "省商务厅、省税务局牵头",
        "省商务厅（牵头）、省税务局",
    ],
)
def test_all_lead_where_nobody_is_printed_as_supporting(raw: str) -> None:
    assert roles(raw) == [("省商务厅", LEAD), ("省税务局", LEAD)]


def test_whom_a_list_names_behind_those_who_support_supports() -> None:
    expected = [("省商务厅", LEAD), ("省税务局", SUPPORT), ("省公安厅", SUPPORT)]
    assert roles("省商务厅牵头，省税务局配合，省公安厅") == expected


def test_only_the_first_leads_where_the_document_says_so() -> None:
    found = units("省商务厅、省税务局、省公安厅", first_leads=True).names
    assert [named.role for named in found] == [LEAD, SUPPORT, SUPPORT]


def test_what_a_list_says_itself_goes_before_what_the_document_says() -> None:
    found = units("省商务厅、省税务局牵头，省公安厅配合", first_leads=True).names
    assert [named.role for named in found] == [LEAD, LEAD, SUPPORT]


@pytest.mark.parametrize("end", ["等", "等相关部门", "等有关单位", "等省有关部门", "等部门单位"])
def test_an_open_end_is_nobodys_name(end: str) -> None:
    for raw in (f"省法院、省司法厅{end}", f"省法院、省司法厅{end}按职责分工负责"):
        assert names(raw) == ["省法院", "省司法厅"]
        assert units(raw).is_open_ended


def test_an_open_end_may_stand_in_the_middle() -> None:
    found = units("省商务厅牵头，省税务局等相关部门配合")
    assert found.is_open_ended
    assert roles("省商务厅牵头，省税务局等相关部门配合") == [
        ("省商务厅", LEAD),
        ("省税务局", SUPPORT),
    ]


def test_a_closed_list_is_not_open() -> None:
    assert not units("省法院、省司法厅").is_open_ended


@pytest.mark.parametrize(
    "name",
    [
        "各企业",
        "省各业务主管部门",
        "各地级以上市人民政府",
        "有关单位",
        "省直有关部门",
        "相关地市人民政府",
        "沿海各市",
    ],
)
def test_a_class_is_named_but_cannot_be_addressed(name: str) -> None:
    assert is_class(name)
    assert units(f"省商务厅、{name}").names[1].kind == CLASS


@pytest.mark.parametrize("name", ["省商务厅", "省残联", "广州市人民政府", "省商务厅驻粤办"])
def test_a_single_body_is_no_class(name: str) -> None:
    assert not is_class(name)


def test_brackets_keep_what_stands_in_them_together() -> None:
    assert names("省商务厅（自贸办）、省税务局") == ["省商务厅（自贸办）", "省税务局"]
    assert names("市交通委（市道运局、市路政局）、市气象局")[0] == "市交通委（市道运局、市路政局）"
    assert names("省商务厅（自贸办）\n省税务局") == ["省商务厅（自贸办）", "省税务局"]


def test_characters_printed_twice_at_a_page_break_are_taken_once() -> None:
    found = units("公安部、住房城乡建设设部、国家林草局", 10)
    assert [named.name for named in found.names] == ["公安部", "住房城乡建设部", "国家林草局"]
    assert (found.mended_from, found.mended_to) == ("住房城乡建设设部", "住房城乡建设部")


def test_a_doubled_character_away_from_a_break_is_not_touched() -> None:
    assert units("公安部、住房城乡建设设部").mended_from == ""
    assert names("公安部、住房城乡建设设部")[1] == "住房城乡建设设部"


def test_a_name_cut_by_a_page_break_is_whole_again() -> None:
    found = units("省商务厅、海关总署广东分署", 9)
    assert [named.name for named in found.names] == ["省商务厅", "海关总署广东分署"]
    assert found.doubtful == ()


def test_two_names_with_a_page_break_between_them_are_two() -> None:
    assert [named.name for named in units("省商务厅省税务局", 4).names] == ["省商务厅", "省税务局"]


def test_a_repeated_name_stays_repeated_for_a_person_to_see() -> None:
    assert names("省商务厅、省商务厅") == ["省商务厅", "省商务厅"]


def test_nothing_printed_names_nobody() -> None:
    assert units("") == UnitList(names=())
    assert units(" \n、，") == UnitList(names=())


def test_a_name_nobody_knows_is_kept_as_printed() -> None:
    assert units("省甲乙局").names == (Named(printed="省甲乙局", name="省甲乙局"),)
