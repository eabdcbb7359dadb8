"""Who exists: cities and units, their names, and who followed whom."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.operations.documents import count
from tracker.db import db
from tracker.registry import queries
from tracker.registry.models import Alias, City, Succession, Unit

BAY = {"广州", "深圳", "珠海", "佛山", "东莞", "中山", "江门", "惠州", "肇庆"}
# Alike, and never one: each line is a set of different bodies.
APART = [
    "省市场监管局 深圳市市场监管局 市场监管总局",
    "省司法厅 深圳市司法局",
    "省商务厅 深圳市商务局 商务部 省商务厅自贸办",
    "广东金融监管局 省地方金融监督管理局 省地方金融管理局",
    "省税务局 深圳市税务局 税务总局",
    "海关总署 海关总署广东分署 深圳海关",
    "广东海事局 深圳海事局",
    "广东证监局 深圳证监局",
    "广东银保监局 深圳银保监局",
    "省市场监管局 省知识产权局",
    "省委宣传部 省版权局",
    "省政府外办 省港澳办",
    "省能源局 省发展改革委",
    "人民银行 人民银行广州分行 人民银行广东省分行 人民银行深圳市中心支行",
]
SAME = [
    ("省药监局", "省药品监管局"),
    ("省地方金融监管局", "省地方金融监督管理局"),
    ("广州边检总站", "广州出入境边防检查总站"),
    ("深圳边检总站", "深圳出入境边防检查总站"),
    ("珠海边检总站", "珠海出入境边防检查总站"),
    ("省商务厅（自贸办）", "省商务厅自贸办"),
]
FOLLOWED = [
    ("人民银行广州分行", "人民银行广东省分行", date(2023, 8, 18), "refounded", True),
    ("人民银行深圳市中心支行", "人民银行深圳市分行", date(2023, 8, 18), "rename", True),
    ("广东银保监局", "广东金融监管局", date(2023, 7, 20), "successor", True),
    ("深圳银保监局", "深圳金融监管局", date(2023, 7, 20), "successor", False),
    ("银保监会", "国家金融监督管理总局", date(2023, 5, 18), "successor", True),
    ("省政务服务数据管理局", "省政务和数据局", None, "rename", False),
    ("省地方金融监督管理局", "省地方金融管理局", None, "split", False),
    ("省地方金融监督管理局", "省委金融办", None, "split", False),
    ("省知识产权局", "省市场监管局", date(2018, 10, 19), "plate", True),
    ("深圳市政务服务数据管理局", "深圳市政务服务和数据管理局", None, "rename", False),
]


def test_there_are_21_cities_each_with_a_code_of_guangdong(app: Flask) -> None:
    cities = queries.cities()
    assert len(cities) == len({city.code for city in cities}) == 21
    assert all("4401" <= city.code <= "4453" for city in cities)


def test_nine_are_of_the_greater_bay_area(app: Flask) -> None:
    assert {one.name for one in queries.cities() if one.in_bay_area} == {f"{n}市" for n in BAY}


def test_three_have_an_area_of_the_free_trade_zone(app: Flask) -> None:
    areas = {one.name: one.ftz_area for one in queries.cities() if one.ftz_area}
    assert areas == {"广州市": "南沙", "深圳市": "前海蛇口", "珠海市": "横琴"}


def test_every_city_has_one_government(app: Flask) -> None:
    per_city = select(Unit.city_id).where(Unit.kind == "government", Unit.city_id.is_not(None))
    assert count(per_city) == count(per_city.distinct()) == 21
    assert set(queries.governments()) == set(db.session.scalars(select(City.id)))


@pytest.mark.parametrize("names", APART, ids=lambda names: names.split()[0])
def test_bodies_that_look_alike_stay_apart(app: Flask, names: str) -> None:
    roster = queries.roster()
    units = [roster.find(name) for name in names.split()]
    assert [unit.name if unit else None for unit in units] == names.split()


@pytest.mark.parametrize(("printed", "name"), SAME)
def test_an_alias_leads_to_its_unit(app: Flask, printed: str, name: str) -> None:
    assert queries.roster().names[printed].name == name


def test_no_alias_is_the_name_of_a_unit(app: Flask) -> None:
    assert count(select(Alias).where(Alias.name.in_(select(Unit.name)))) == 0


def test_every_alias_points_to_one_unit_and_says_where_it_was_seen(app: Flask) -> None:
    names = select(Alias.name).group_by(Alias.name).having(func.count() > 1)
    assert count(names) == 0
    assert count(select(Alias).join(Unit)) == count(select(Alias))
    assert count(select(Alias).where(Alias.source == "")) == 0


@pytest.mark.parametrize(("old", "new", "day", "kind", "sure"), FOLLOWED)
def test_a_succession_has_its_day_its_kind_and_how_sure_it_is(
    app: Flask, old: str, new: str, day: date | None, kind: str, sure: bool
) -> None:
    roster = queries.roster()
    found = queries.successions_of(roster.names[old].id)
    [one] = [row.Succession for row in found if (row.old_name, row.new_name) == (old, new)]
    assert (one.day, one.kind, one.sure) == (day, kind, sure)
    assert one.source


def test_a_day_that_nobody_knows_is_never_said_to_be_sure(app: Flask) -> None:
    assert count(select(Succession)) >= len(FOLLOWED)
    assert count(select(Succession).where(Succession.day.is_(None), Succession.sure)) == 0


def test_the_bodies_of_a_succession_stay_apart(app: Flask) -> None:
    assert count(select(Succession).where(Succession.old_id == Succession.new_id)) == 0


def test_offices_are_the_two_that_supervise(app: Flask) -> None:
    assert {unit.name for unit in queries.offices()} == {"省商务厅自贸办", "省发展改革委"}


def test_the_ftz_office_is_a_child_of_the_department_of_commerce(app: Flask) -> None:
    roster = queries.roster()
    office = queries.unit(roster.names["省商务厅自贸办"].id)
    assert office.parent.name == "省商务厅"


@pytest.mark.parametrize("name", ["市市场监管局", "市司法局", "市商务局"])
def test_a_city_name_without_its_city_resolves_in_that_citys_document_only(
    app: Flask, name: str
) -> None:
    roster = queries.roster()
    in_shenzhen = roster.find(name, "深圳市")
    assert in_shenzhen.name == f"深圳{name}"
    assert roster.find(name) is None
    assert roster.find(name, "广州市") is None


def test_a_provincial_body_is_itself_in_a_citys_document(app: Flask) -> None:
    roster = queries.roster()
    assert roster.find("省司法厅", "深圳市") == roster.find("省司法厅")


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("省市场监督局", "省市场监管局"),
        ("省人力资源和社会保障厅", "省人力资源社会保障厅"),
        ("海关总署 广东分暑", "海关总署广东分署"),
        ("深圳市税局", "深圳市税务局"),
        ("省发改委", "省发展改革委"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_known_ones(
    app: Flask, misspelt: str, meant: str
) -> None:
    near = queries.roster().nearest(misspelt)
    assert meant in near
    assert len(near) <= 3


def test_a_name_like_no_other_gets_no_proposal(app: Flask) -> None:
    assert queries.roster().nearest("xyz") == []


def test_every_unit_says_where_it_was_seen_and_how_sure_that_is(app: Flask) -> None:
    assert count(select(Unit).where(Unit.source == "")) == 0
    unsure = db.session.scalars(select(Unit.source).where(~Unit.sure)).all()
    assert all("一般知识" in source or "未见" in source for source in unsure)


def test_units_are_found_by_a_part_of_a_name_or_alias(app: Flask) -> None:
    found = queries.units_like("省药监", after=0, limit=10)
    assert [unit.name for unit in found] == ["省药品监管局"]
    assert queries.units_like("%", after=0, limit=10) == []
