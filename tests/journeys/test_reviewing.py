"""A reviewer returns a report with reasons, and later accepts the corrected one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import BODY
from tests.journeys.conftest import open_by, sign_in
from tests.journeys.looking import WIDTHS, grave, sideways
from tests.web.filed import filed, opened, refiled

BETTER = replace(BODY, progress="已在全省21个地市开展有关工作，并取得明显进展。")


def test_a_reviewer_returns_a_report_and_accepts_the_corrected_one(
    plain: Page, beside: Flask
) -> None:
    opened(beside)
    report_id = filed(beside)[0]
    sign_in(plain, "ziyou1")
    return_it(plain)
    refiled(beside, report_id, BETTER)
    accept_it(plain)


def return_it(page: Page) -> None:
    open_by(page.get_by_role("navigation", name="栏目").get_by_role("link", name="审核"))
    open_by(page.get_by_role("table").get_by_role("link").first)
    open_by(page.get_by_role("button", name="开始审核"))
    page.get_by_role("checkbox", name="进展情况").check()
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("请写明“进展情况”的退回理由")).to_be_visible()
    page.get_by_label("“进展情况”的退回理由").fill("请写明覆盖了多少个地市。")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已退回")
    expect(page.get_by_text("没有待审核的报告")).to_be_visible()


def accept_it(page: Page) -> None:
    page.reload()
    open_by(page.get_by_role("table").get_by_role("link").first)
    expect(page.locator("ins").first).to_contain_text("21个地市")
    expect(page.get_by_text("请写明覆盖了多少个地市。").first).to_be_visible()
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已通过")
    page.goto("/reviews/1")
    page.get_by_role("link", name="任务全过程").click()
    expect(page.get_by_text("审核通过").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_pages_of_a_report_fit_and_can_be_used_by_everyone(
    desk: BrowserContext, beside: Flask, width: int
) -> None:
    opened(beside)
    report_id = filed(beside, number=2)[0]
    page = desk.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "ziyou2")
    for url in ("/reviews", f"/reviews/{report_id}", "/paper/1", "/waivers/new", "/tasks/1"):
        page.goto(url)
        assert not grave(page) + sideways(page, width), url
