"""Scopes as they are printed: the cities they come to, or that they wait."""

from __future__ import annotations

import pytest

from tests.notices.ground import roster
from tracker.registry.scopes import NONE, RESOLVED, WAITING, Scope, read_scope

ALL = roster().city_names
BAY = {"广州市", "深圳市", "珠海市", "佛山市", "惠州市", "东莞市", "中山市", "江门市", "肇庆市"}
SHENZHEN = ("深圳市",)


def scope(raw: str, own: str | None = None) -> Scope:
    return read_scope(raw, places=roster().places, own=own)


@pytest.mark.parametrize(
    "raw",
    [
        "全省",
        "全省范围",
        "全省范围内",
        " 全 省 ",
        "全国",
        "全省各地级以上市",
        "各地级以上市",
        "全省各市县",
    ],
)
def test_the_whole_province_is_its_21_cities(raw: str) -> None:
    assert scope(raw) == Scope(state=RESOLVED, cities=ALL)
    assert len(ALL) == 21


@pytest.mark.parametrize(
    "raw",
    [
        "全省除深圳市以外的地区(深圳市已复制推广)",
        "全省除深圳市以外的地区（深圳市已复制推广）",
        "全省范围（深圳市除外）（深圳已复制推广）",
        "全省（深圳市已复制推广）",
    ],
)
def test_a_city_that_did_it_already_is_done_and_does_not_owe(raw: str) -> None:
    found = scope(raw)
    assert (found.state, found.done) == (RESOLVED, SHENZHEN)
    assert set(found.cities) == set(ALL) - set(SHENZHEN)


@pytest.mark.parametrize(
    ("raw", "without"),
    [
        ("全省范围（深圳市除外）", {"深圳市"}),
        ("全省（除广州、深圳外）", {"广州市", "深圳市"}),
        ("全省除广州市、深圳市外的地市", {"广州市", "深圳市"}),
        ("除深圳市以外的全省其他地区", {"深圳市"}),
    ],
)
def test_cities_may_be_left_out(raw: str, without: set[str]) -> None:
    found = scope(raw)
    assert set(found.cities) == set(ALL) - without
    assert found.done == ()


@pytest.mark.parametrize(
    "raw", ["粤港澳大湾区九市", "粤港澳大湾区内地九市", "大湾区9市", "珠三角九市"]
)
def test_the_bay_area_is_its_nine_cities(raw: str) -> None:
    assert set(scope(raw).cities) == BAY


@pytest.mark.parametrize(
    "raw", ["广东自贸试验区", "中国（广东）自由贸易试验区", "中国(广东)自由贸易试验区各片区"]
)
def test_the_free_trade_zone_is_where_its_areas_are(raw: str) -> None:
    assert set(scope(raw).cities) == {"广州市", "深圳市", "珠海市"}


def test_the_whole_city_is_the_city_whose_notice_it_is() -> None:
    assert scope("全市", own="深圳市") == Scope(state=RESOLVED, cities=SHENZHEN)
    assert scope("全市").state == WAITING


@pytest.mark.parametrize(
    "raw",
    [
        "广州、深圳、珠海",
        "广州市、深圳市和珠海市",
        "广州、深圳、珠海市",
        "广州、深圳、珠海三市",
        "广州市\n深圳市\n珠海市",
    ],
)
def test_cities_named_one_by_one_are_those(raw: str) -> None:
    assert scope(raw).cities == ("广州市", "深圳市", "珠海市")


@pytest.mark.parametrize(
    "raw",
    [
        "全省海关特殊监管区域",
        "海关特殊监管区域",
        "保税监管场所",
        "开展二手车出口业务的地市",
        "8个改革试验区域",
        "自贸试验区",
        "广州市等有条件的地市",
        "深圳前海",
        "全省除有关地市以外的地区",
        "全省（试点城市已复制推广）",
        "全省范围内的保税物流中心",
        "粤东粤西粤北地区",
    ],
)
def test_what_no_document_defines_waits_and_is_not_guessed(raw: str) -> None:
    assert scope(raw) == Scope(state=WAITING)


@pytest.mark.parametrize("raw", ["", " ", "\n"])
def test_nothing_printed_is_no_scope(raw: str) -> None:
    assert scope(raw) == Scope(state=NONE)
