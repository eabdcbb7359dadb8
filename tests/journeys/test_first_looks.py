"""What one sees first, with the keyboard, on a phone and on paper, over the demonstration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import open_by, sign_in
from tests.journeys.looking import Watch, faults

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NOT_THERE = (
    "console: Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
)
PAPER = re.compile(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]")
Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, told_live: str) -> Iterator[Enter]:
    """Someone of the cast, signed in with a screen of some size."""
    opened = []

    def signed_in(account: str, **more: Any) -> Page:
        context = browser.new_context(base_url=told_live, locale="zh-CN", **more)
        opened.append(context)
        page = context.new_page()
        sign_in(page, account)
        return page

    yield signed_in
    for context in opened:
        context.close()


def is_in_view(found: Locator) -> bool:
    box, screen = found.bounding_box(), found.page.viewport_size
    assert screen
    return bool(box) and box["y"] >= 0 and box["y"] + box["height"] <= screen["height"]


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_city_s_officer_sees_first_what_is_owed_and_the_next_day(
    enter: Enter, screen: dict[str, int]
) -> None:
    page = enter("guangzhou1", viewport=screen)
    for word in ("应报事项", "已逾期", "下一个报送期限"):
        figure = page.locator("main .count").filter(has_text=word)
        expect(figure).to_have_count(1)
        assert is_in_view(figure), word


def test_a_leader_has_the_whole_picture_on_one_screen(enter: Enter) -> None:
    page = enter("lingdao1", viewport=DESK)
    for part in ("逾期较多的单位", "各通知"):
        assert is_in_view(page.get_by_role("table", name=part)), part
    assert is_in_view(page.locator(".tile-map"))


def test_a_signer_sees_first_what_waits_for_the_signature(enter: Enter) -> None:
    page = enter("guangzhou2", viewport=PHONE)
    headings = page.locator("main h2")
    expect(headings.first).to_have_text("待我审签")
    assert is_in_view(page.locator("main .count").filter(has_text="待我审签"))
    assert is_in_view(page.get_by_role("table", name="待我审签").get_by_role("link").first)


def test_a_figure_opens_the_list_that_it_counts(enter: Enter) -> None:
    page = enter("guangzhou1")
    number = page.locator("main .count").first.locator("dd").inner_text()
    open_by(page.locator("main").get_by_role("link", name="应报事项", exact=True))
    expect(page.get_by_role("link", name=f"全部 {number}")).to_be_visible()


def test_what_is_not_there_is_said_on_a_page_like_any_other(enter: Enter, told_live: str) -> None:
    page = enter("shuiwu1")
    assert set(faults(page, "/nowhere", Watch(page, told_live))) == {NOT_THERE}


def test_the_first_key_leads_to_the_text(enter: Enter) -> None:
    page = enter("shuiwu1")
    page.goto("/tasks")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_folding_menu_of_a_phone_needs_no_script(enter: Enter) -> None:
    page = enter("guangzhou1", viewport=PHONE, java_script_enabled=False)
    page.locator("summary").filter(has_text="栏目").focus()
    page.keyboard.press("Enter")
    page.get_by_role("navigation").get_by_role("link", name="地市").click()
    expect(page).to_have_url(re.compile("/cities$"))


def test_paper_carries_unit_and_day_and_no_menu(enter: Enter) -> None:
    page = enter("shuiwu1")
    page.goto("/obligations")
    page.emulate_media(media="print")
    expect(page.get_by_text("省税务局　打印日期：2026年11月23日")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button", name="退出")).to_have_count(0)
    expect(page.get_by_role("table", name="应报事项")).to_be_visible()


def test_a_checklist_lies_across_the_paper_and_no_row_is_broken(enter: Enter) -> None:
    """Its head is repeated on every page; the browser's own paper says how it is laid."""
    page = enter("guangzhou1")
    page.goto("/cities/4401/checklist")
    wide, high = PAPER.search(page.pdf(prefer_css_page_size=True)).groups()  # type: ignore[union-attr]
    assert float(wide) > float(high)
    page.emulate_media(media="print")
    row = page.get_by_role("row").nth(1)
    expect(row).to_have_css("break-inside", "avoid")
    expect(page.locator("thead").first).to_have_css("display", "table-header-group")
