"""单位 kept by the office: particulars, aliases, hand-overs, and new units."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.test_people import VERSION, logged
from tracker.db import db
from tracker.registry import queries
from tracker.registry.editing import is_credit_code
from tracker.registry.models import Succession, Unit

GIVEN = {"level": "province", "kind": "department", "city": "", "source": "粤办发〔2026〕1号"}
HANDED = {"kind": "rename", "source": "公告", "direction": "to", "day": "2026-12-01"}


def unit(site: Flask, name: str) -> Unit | None:
    with site.app_context():
        found = queries.units_named([name]).get(name)
        return queries.unit(found.id) if found else None


def id_of(site: Flask, name: str) -> int:
    found = unit(site, name)
    assert found
    return found.id


def change(visit: Visit, number: int, **data: object):
    url = f"/units/{number}/edit"
    data.setdefault("version", VERSION.search(visit.page(url))[1])
    return visit.post(url, form=url, **{**GIVEN, **data})


def add_alias(visit: Visit, number: int, name: str):
    return visit.post(f"/units/{number}/aliases", name=name, source="某通知")


def test_a_new_unit_stands_in_the_registry_and_in_the_log(reviewer: Visit, site: Flask) -> None:
    response = reviewer.post("/units/new", form="/units/new", name="省新设局", **GIVEN)
    assert response.status_code == 302
    assert "待核实" in reviewer.page(response.headers["Location"])
    assert logged(site, "add unit")[0].subject == "省新设局"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "请填写单位名称。"),
        ({"name": "省税务局"}, "这个名称已是其他单位的名称或别称"),
        ({"name": "省药监局"}, "这个名称已是其他单位的名称或别称"),
        ({"name": "坏\x07名"}, "有无法显示的控制字符"),
        ({"source": "长" * 201}, "不能超过200个字。"),
        ({"level": "world"}, "层级"),
        ({"city": "9999"}, "地市"),
        ({"parent": "没有的局"}, "名录中没有这个单位"),
        ({"credit_code": "123456789012345679"}, "统一社会信用代码为18位"),
        ({"kind": "government", "level": "city"}, "市人民政府须选择地市。"),
        ({"kind": "government", "city": "4401"}, "这个地市已有人民政府"),
    ],
)
def test_what_is_wrong_with_a_unit_is_told_and_nothing_is_added(
    reviewer: Visit, site: Flask, wrong: dict[str, str], sentence: str
) -> None:
    response = reviewer.post(
        "/units/new", form="/units/new", **{"name": "省新局", **GIVEN, **wrong}
    )
    assert response.status_code == 422
    assert sentence in response.text
    assert unit(site, "省新局") is None


def test_a_units_particulars_are_changed(reviewer: Visit, site: Flask) -> None:
    number = id_of(site, "省税务局")
    code = "91350100M000100Y43"
    assert change(reviewer, number, kind="tax", credit_code=code, sure="y").status_code == 302
    found = unit(site, "省税务局")
    assert found
    assert (found.credit_code, found.sure, found.source) == (code, True, GIVEN["source"])


def test_of_two_who_change_one_unit_the_second_sees_what_the_first_saved(
    reviewer: Visit, site: Flask
) -> None:
    number = id_of(site, "省税务局")
    version = VERSION.search(reviewer.page(f"/units/{number}/edit"))[1]
    assert change(reviewer, number, version=version).status_code == 302
    second = change(reviewer, number, version=version, source="后来的依据")
    assert second.status_code == 409
    assert "现存：省级，行政部门" in second.text
    assert unit(site, "省税务局").source == GIVEN["source"]


def test_a_unit_does_not_belong_to_what_belongs_to_it(reviewer: Visit, site: Flask) -> None:
    response = change(reviewer, id_of(site, "省商务厅"), parent="省商务厅自贸办")
    assert "所属单位不能是本单位或其内设机构。" in response.text


def test_an_alias_is_added_found_and_removed(reviewer: Visit, site: Flask) -> None:
    number = id_of(site, "省税务局")
    assert add_alias(reviewer, number, "粤税局").status_code == 302
    assert id_of(site, "粤税局") == number
    remove = re.search(
        rf"/units/{number}/aliases/\d+/remove", reviewer.page(f"/units/{number}/edit")
    )
    reviewer.post(remove[0])
    assert unit(site, "粤税局") is None
    assert len(logged(site, "add alias") + logged(site, "remove alias")) == 2


@pytest.mark.parametrize("name", ["省商务厅", "省药监局", ""])
def test_an_alias_that_names_another_unit_is_refused(
    reviewer: Visit, site: Flask, name: str
) -> None:
    response = add_alias(reviewer, id_of(site, "省税务局"), name)
    assert response.status_code == 422
    assert 'id="name-error"' in response.text


def test_a_hand_over_is_written_down_and_mended(reviewer: Visit, site: Flask) -> None:
    number = id_of(site, "省税务局")
    url = f"/units/{number}/successions/new"
    assert reviewer.post(url, form=url, other="省商务厅", **HANDED).status_code == 302
    with site.app_context():
        row = db.session.query(Succession).filter_by(old_id=number).one()
    mend = f"/units/{number}/successions/{row.id}"
    version = VERSION.search(reviewer.page(mend))[1]
    given = {"kind": "merge", "source": "更正", "sure": "y", "day": ""}
    assert reviewer.post(mend, form=mend, version=version, **given).status_code == 302
    assert reviewer.post(mend, form=mend, version=version, **given).status_code == 409
    page = reviewer.page(f"/units/{number}")
    assert "日期待查" in page
    assert "更正" in page


@pytest.mark.parametrize(
    ("other", "more", "sentence"),
    [
        ("省税务局", {}, "对方单位不能是本单位。"),
        ("没有的局", {}, "名录中没有这个单位"),
        ("", {}, "请填写对方单位。"),
        ("省商务厅", {"day": "2026-13-45"}, "承接日期"),
        ("省商务厅", {"kind": "magic"}, "方式"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused(
    reviewer: Visit, site: Flask, other: str, more: dict[str, str], sentence: str
) -> None:
    url = f"/units/{id_of(site, '省税务局')}/successions/new"
    response = reviewer.post(url, form=url, other=other, **{**HANDED, **more})
    assert response.status_code == 422
    assert sentence in response.text


def test_no_hand_over_runs_in_a_circle(reviewer: Visit, site: Flask) -> None:
    first = f"/units/{id_of(site, '省税务局')}/successions/new"
    reviewer.post(first, form=first, other="省商务厅", **HANDED)
    assert "已登记职责承接" in reviewer.post(first, form=first, other="省商务厅", **HANDED).text
    back = f"/units/{id_of(site, '省商务厅')}/successions/new"
    assert "不能再反向登记" in reviewer.post(back, form=back, other="省税务局", **HANDED).text


def test_a_credit_code_that_was_copied_wrongly_is_noticed() -> None:
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y34")
    assert not is_credit_code("91350100M000100Y4")
    assert not is_credit_code("91350100M000100YO3")


def test_only_the_office_is_offered_to_keep_units(
    reviewer: Visit, filer: Visit, signed_in: Callable[[str], Visit]
) -> None:
    assert "新增单位" in reviewer.page("/units")
    assert "新增单位" not in filer.page("/units")
    assert "修改资料和别称" not in signed_in("xitong1").page("/units/1")
