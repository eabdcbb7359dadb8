"""A chief who has never seen the page handles thirty waiting matters without leaving it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import open_by, sign_in
from tests.journeys.looking import WIDTHS, grave, sideways
from tests.web.asked import thirty
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db

# How a page is walked does not depend on the database; what it writes is tested on both.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def page(settings: Settings, desk: BrowserContext) -> Iterator[Page]:
    made: Flask = create_app(settings)
    thirty(made)
    opened = desk.new_page()
    sign_in(opened, "ziyou2")
    yield opened
    with made.app_context():
        db.engine.dispose()


def test_thirty_matters_are_handled_on_one_page_with_keys_and_mouse(page: Page) -> None:
    menu = page.get_by_role("navigation", name="栏目")
    open_by(menu.get_by_role("link", name="协调调度"))
    expect(page.get_by_text("共30项")).to_be_visible()
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        assert not grave(page) + sideways(page, width)
        expect(page.get_by_text("键盘：")).to_be_visible(visible=width > WIDTHS["phone"])
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    refuse_three_by_keys(page)
    check_closings(page)
    page.get_by_role("link", name="全部勾选").focus()
    page.keyboard.press("a")
    expect(page.get_by_text("共27项，已选27项")).to_be_visible()
    page.get_by_role("button", name="同意所选", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已同意27项")
    expect(page.get_by_text("没有待处理的单位申请")).to_be_visible()
    expect(page).to_have_url(re.compile("/matters$"))


def refuse_three_by_keys(page: Page) -> None:
    """Without a reason it is said what is missing; the ticks stay."""
    page.locator("h1").click()
    for key in ("j", "x", "j", "x", "j", "x"):
        page.keyboard.press(key)
    open_by(page.get_by_role("button", name="不同意所选"))
    expect(page.get_by_text("请写明不同意的理由。")).to_be_visible()
    expect(page.get_by_text("共30项，已选3项")).to_be_visible()
    page.get_by_label("理由").fill("时间尚充足，请按期报送。")
    open_by(page.get_by_role("button", name="不同意所选"))
    expect(page.get_by_role("status").first).to_contain_text("已不同意3项")


def check_closings(page: Page) -> None:
    """Every point of the checklists, beside the facts."""
    expect(page.get_by_text("佐证材料0个，出台文件0份").first).to_be_visible()
    boxes = page.locator('input[name^="closing-"]')
    expect(boxes).to_have_count(4 * 3)
    for number in range(4 * 3):
        boxes.nth(number).check()
