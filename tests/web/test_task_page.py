"""The page of a task: its whole life, and its text only for whom it is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import lxml.html
import pytest
from flask import Flask

from tests.cast import BODY, CITY
from tests.web.asked import landed
from tests.web.conftest import Visit
from tests.web.filed import begun, filed, opened, refiled, task_id
from tests.web.test_reviewing import accept, send_back

SignIn = Callable[[str], Visit]
SECRET = "只有本单位和统筹单位可以看到的进展文字。"
BETTER = replace(BODY, progress=SECRET + "已补充。", percent="60")


@pytest.fixture
def returned(site: Flask, reviewer: Visit) -> str:
    """省税务局's task whose report came back and was put right."""
    opened(site)
    report_id = filed(site, body=replace(BODY, progress=SECRET))[0]
    reviewer.post(f"/reviews/{report_id}/begin")
    send_back(reviewer, report_id)
    refiled(site, report_id, BETTER)
    accept(reviewer, report_id, revision=2)
    return f"/tasks/{task_id(site)}"


def test_the_whole_life_stands_there_the_latest_first(returned: str, reviewer: Visit) -> None:
    page = reviewer.page(returned).partition('id="life"')[2]
    told = ["交办任务", "产生应报事项", "审签报送", "退回补正", "第2稿", "审核通过"]
    for what in told:
        assert what in page, what
    assert "开始审核" in page
    assert "请补充数据。" in page
    assert page.index("审核通过") < page.index("退回补正")


def test_what_is_owed_stands_with_its_days_and_its_lateness(returned: str, reviewer: Visit) -> None:
    page = reviewer.page(returned)
    assert "2026年10月20日" in page
    assert "逾期报送" in page
    assert "已通过" in page
    assert "待报送" in page


@pytest.mark.parametrize("account", ["ziyou1", "ziyou2", "lingdao1", "shuiwu1", "shuiwu2"])
def test_its_own_people_the_office_and_its_leader_read_the_text(
    returned: str, signed_in: SignIn, account: str
) -> None:
    assert SECRET in signed_in(account).page(returned)


@pytest.mark.parametrize("account", ["fagai1", "haishi1", "guangzhou1"])
def test_others_see_stage_and_light_and_no_text(
    returned: str, signed_in: SignIn, account: str
) -> None:
    page = signed_in(account).page(returned)
    assert "推进中" in page
    for hidden in (SECRET, "逾期报送", "请补充数据。", "，回执"):
        assert hidden not in page, hidden


def test_what_happens_inside_a_unit_stays_there(returned: str, signed_in: SignIn) -> None:
    assert "送审" in signed_in("shuiwu1").page(returned)
    assert "送审" not in signed_in("ziyou1").page(returned).partition('id="life"')[2]


def test_a_draft_is_nobodys_elses_to_read(site: Flask, reviewer: Visit) -> None:
    opened(site)
    begun(site, CITY, "guangzhou1", period="2026-H2", body=replace(BODY, progress=SECRET))
    assert SECRET not in reviewer.page(f"/tasks/{task_id(site, CITY)}")


def test_the_list_and_the_measure_lead_to_the_task(
    site: Flask, returned: str, reviewer: Visit
) -> None:
    assert returned in reviewer.page("/tasks?words=多缴退税")


def test_administrators_and_unknown_numbers_find_nothing(
    returned: str, signed_in: SignIn, reviewer: Visit
) -> None:
    assert signed_in("xitong1").get(returned).status_code == 404
    assert reviewer.get("/tasks/99999999").status_code == 404


def test_a_page_of_a_task_says_nothing_twice(
    site: Flask, reviewer: Visit, signed_in: SignIn
) -> None:
    """Its stage stands among its particulars alone, its measure's name in the heading alone."""
    opened(site)
    page = reviewer.page(f"/tasks/{landed(site, 1)[0]}")
    tree = lxml.html.fromstring(page)
    badges = tree.xpath('//div[@class="head"]//span[contains(@class, "badge")]/text()')
    assert badges == ["第一牵头", "复制推广", "进行中"]
    facts = tree.xpath('string(//dl[@class="facts"])')
    assert facts.count("已落地") == 1
    assert tree.xpath("string(//h1)") not in facts
    city = lxml.html.fromstring(signed_in("guangzhou1").page(f"/tasks/{task_id(site, CITY)}"))
    assert city.xpath('string(//dl[@class="facts"]/dd[1])') == CITY


def test_what_is_not_awaited_has_its_state_in_one_column_and_its_meaning_below(
    returned: str, reviewer: Visit
) -> None:
    tree = lxml.html.fromstring(reviewer.page(returned))
    rows = tree.xpath('//section[@aria-labelledby="owed"]//tbody/tr')
    cells = [[" ".join(td.text_content().split()) for td in row.xpath("td")] for row in rows]
    accepted = next(row for row in cells if "已通过" in row[1])
    assert accepted[3] == "不计时"
    assert "不计时：目前没有等待报送的事项" in tree.xpath(
        'string(//section[@aria-labelledby="owed"])'
    )
