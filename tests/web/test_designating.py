"""待指定: the office's list, its decision on a page, and who may not touch it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from tests.web.conftest import TOKEN, Visit
from tests.web.filing import sentences
from tracker.audit.models import Entry
from tracker.db import db
from tracker.notices.models import Measure
from tracker.registry.models import Unit
from tracker.tasks.models import Task

SCOPE, CLASS = "/designations/85/cities", "/designations/109/class-65"
GROUND = {"source": "会议纪要〔2026〕3号", "words": "同意在广州先行推广。"}


def settle(visit: Visit, url: str, **data: object):
    page = visit.page(url)
    token, seen = TOKEN.search(page), re.search(r'name="seen" value="(\d+)"', page)
    sent = {"csrf_token": token[1], "seen": seen[1], "action": "decide", **GROUND, **data}
    return visit.client.post(url, data=sent)


def local_tasks(site: Flask, measure_id: int) -> list[str]:
    with site.app_context():
        query = select(Task.printed).where(Task.measure_id == measure_id, Task.role == "local")
        return list(db.session.scalars(query.order_by(Task.id)))


def test_a_scope_is_designated_and_shows_on_measure_and_task(
    site: Flask, signed_in: Callable[[str], Visit]
) -> None:
    office = signed_in("ziyou2")
    assert "待指定" in office.page("/")
    done = settle(office, SCOPE, city=["4401", "4404"])
    assert done.status_code == 302
    assert "新增或恢复任务2项" in office.page(done.headers["Location"])
    assert local_tasks(site, 85) == ["广州市人民政府", "珠海市人民政府"]
    measure = office.page("/measures/85")
    assert "会议纪要〔2026〕3号" in measure
    assert "全省海关特殊监管区域" in measure
    city = signed_in("guangzhou1")
    assert "同意在广州先行推广。" in city.page(f"/tasks/{task_id(site)}")
    assert "统筹单位指定" in city.page("/messages")


def task_id(site: Flask) -> int:
    with site.app_context():
        query = select(Task.id).where(Task.measure_id == 85, Task.printed == "广州市人民政府")
        return db.session.scalars(query).one()


def test_units_of_a_class_are_named_as_aliases_or_several_in_one_field(
    site: Flask, reviewer: Visit
) -> None:
    assert settle(reviewer, CLASS, unit=["省药监局、省教育厅", ""]).status_code == 302
    page = reviewer.page("/designations")
    assert "省教育厅" in page
    assert "省药品监管局" in page


def test_a_name_nobody_has_is_said_with_those_that_are_near(reviewer: Visit) -> None:
    refused = settle(reviewer, CLASS, unit=["省教育庁"])
    assert refused.status_code == 422
    assert "单位名录中没有“省教育庁”" in refused.text
    assert "省教育厅" in refused.text
    assert 'value="省教育庁"' in refused.text


def test_a_decision_without_its_ground_is_not_taken(site: Flask, reviewer: Visit) -> None:
    refused = settle(reviewer, SCOPE, city=["4401"], source="")
    assert "请写明依据。" in sentences(refused.text)
    assert 'value="4401" checked' in refused.text
    assert local_tasks(site, 85) == []


def test_what_was_designated_can_be_undone_and_is_open_again(site: Flask, reviewer: Visit) -> None:
    settle(reviewer, SCOPE, city=["4401"])
    assert settle(reviewer, SCOPE, action="undo").status_code == 302
    with site.app_context():
        assert db.session.get_one(Measure, 85).scope_state == "waiting"
        entries = db.session.scalars(select(Entry).order_by(Entry.id)).all()[-2:]
        told = f"广州市：{db.session.get_one(Measure, 85).title}"
    assert [entry.action for entry in entries] == ["designate", "undo designation"]
    assert [entry.subject for entry in entries] == [told, told]


def test_two_decisions_at_once_do_not_overwrite_each_other(reviewer: Visit) -> None:
    settle(reviewer, SCOPE, city=["4401"])
    late = settle(reviewer, SCOPE, city=["4404"], seen="0")
    assert late.status_code == 422
    assert "其他人刚刚作过指定" in late.text


def test_another_office_finds_nothing_there(signed_in: Callable[[str], Visit]) -> None:
    other = signed_in("fagai1")
    assert other.get(SCOPE).status_code == 404
    assert "省海关特殊监管区域" not in other.page("/designations")
    assert other.get("/designations/163/others").status_code == 200
    assert other.get("/designations/163/cities").status_code == 404


def test_the_class_is_shown_by_its_own_name(site: Flask, reviewer: Visit) -> None:
    with site.app_context():
        assert db.session.get_one(Unit, 65).name == "省各业务主管部门"
    assert "“省各业务主管部门”是哪些单位" in reviewer.page(CLASS)
