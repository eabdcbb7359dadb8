"""The office urges a unit; the unit finds it in its inbox, acknowledges and replies."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import open_by, sign_in
from tests.journeys.looking import WIDTHS, grave, sideways
from tests.web.urged import proposed
from tracker.clock import today

SAID = "有关数据正在汇总，三日内报送。"


def test_an_urge_goes_from_the_office_to_the_unit_and_its_reply_back(
    plain: Page, beside: Flask
) -> None:
    urge_id = proposed(beside)
    confirm(plain)
    find_in_the_inbox(plain, urge_id)
    acknowledge_and_reply(plain)
    see_the_reply(plain)


def confirm(page: Page) -> None:
    sign_in(page, "ziyou2")
    page.goto("/urges")
    page.get_by_label("选择省税务局", exact=True).check()
    page.get_by_role("button", name="确认并发出").click()
    expect(page.get_by_role("status")).to_contain_text("已发出1份催办单")
    open_by(page.get_by_role("button", name="退出"))


def find_in_the_inbox(page: Page, urge_id: int) -> None:
    sign_in(page, "shuiwu2")
    open_by(page.get_by_role("link", name="消息").first)
    open_by(page.get_by_role("button", name="请签收并回复"))
    open_by(page.get_by_role("link", name="打开相关页面"))
    expect(page).to_have_url(re.compile(rf"/urges/{urge_id}$"))
    page.goto("/")


def acknowledge_and_reply(page: Page) -> None:
    """Three clicks from the first page."""
    open_by(page.get_by_role("link", name=re.compile("催办单.*〔")).first)
    open_by(page.get_by_role("button", name="签收"))
    page.get_by_label("统一回复").fill(SAID)
    page.get_by_label("统一的预计报送日期").fill((today() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="提交回复").click()
    expect(page.get_by_role("status")).to_contain_text("回复已提交")
    open_by(page.get_by_role("button", name="退出"))


def see_the_reply(page: Page) -> None:
    sign_in(page, "ziyou1")
    page.goto("/urges?state=answered")
    open_by(page.get_by_role("link", name="省税务局"))
    open_by(page.get_by_role("table").get_by_role("link").first)
    life = page.get_by_role("region", name="办理过程")
    for step in ("发出催办单", "签收催办单", "回复催办单", SAID):
        expect(life).to_contain_text(step)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_one_box_ticks_all_where_scripts_run_and_is_not_there_without(
    desk: BrowserContext, plain: Page, beside: Flask
) -> None:
    proposed(beside)
    sign_in(plain, "ziyou2")
    plain.goto("/urges")
    assert plain.get_by_text("全选").count() == 0
    page = desk.new_page()
    sign_in(page, "ziyou2")
    page.goto("/urges")
    every, boxes = page.get_by_label("全选"), page.locator('input[name="urge"]')
    every.check()
    assert page.locator('input[name="urge"]:checked').count() == boxes.count() > 1
    boxes.first.uncheck()
    assert every.evaluate("box => box.indeterminate")
    every.check()
    every.uncheck()
    assert page.locator('input[name="urge"]:checked').count() == 0


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_pages_of_an_urge_fit_and_can_be_used_by_everyone(
    desk: BrowserContext, beside: Flask, width: int
) -> None:
    urge_id = proposed(beside)
    page = desk.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "ziyou2")
    for url in ("/urges", f"/urges/{urge_id}", "/bulletins", "/evaluations"):
        page.goto(url)
        assert not grave(page) + sideways(page, width), url
