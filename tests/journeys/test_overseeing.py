"""What the chief and the leader see first, and where a number leads them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import open_by
from tests.journeys.test_first_looks import DESK, PHONE, Enter, enter, is_in_view

__all__ = ["enter"]
SCREENS = pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])


@SCREENS
@pytest.mark.parametrize("account", ["ziyou2", "lingdao1"], ids=["chief", "leader"])
def test_overdue_new_since_monday_and_the_worst_unit_are_seen_first(
    enter: Enter, screen: dict[str, int], account: str
) -> None:
    page = enter(account, viewport=screen)
    for figure in ("overdue", "newly", "worst"):
        found = page.locator(f"#figure-{figure}")
        expect(found).to_have_count(1)
        assert is_in_view(found), figure
    expect(page.locator("#figure-worst")).to_contain_text("逾期最多：")


def test_a_leader_comes_from_the_number_to_what_was_filed(enter: Enter) -> None:
    page = enter("lingdao1", viewport=DESK)
    open_by(page.locator("#figure-review").get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("待审核")
    open_by(page.locator("tbody tr").first.get_by_role("link").first)
    page.locator("#texts ~ details summary, section[aria-labelledby=texts] summary").first.click()
    expect(page.locator("section[aria-labelledby=texts]")).to_contain_text("进展情况")
    expect(page.get_by_role("button", name="通过")).to_have_count(0)


@SCREENS
def test_the_number_itself_is_the_link_and_all_of_its_box(
    enter: Enter, screen: dict[str, int]
) -> None:
    page = enter("ziyou2", viewport=screen)
    number = page.locator("#figure-overdue").get_by_role("link", name="逾期未报")
    expect(number).to_have_text(re.compile(r"逾期未报[\d,]+"))
    page.locator("#figure-overdue").click(position={"x": 12, "y": 12})
    expect(page.get_by_role("heading", level=1)).to_have_text("逾期未报")


@SCREENS
def test_the_rate_names_its_periods_in_the_first_view(enter: Enter, screen: dict[str, int]) -> None:
    page = enter("ziyou2", viewport=screen)
    named = page.locator("#figure-rate").get_by_text(re.compile(r"^20\d\d年.+(季度|半年)$"))
    assert is_in_view(named.first)


def test_a_phone_shows_the_first_and_opens_the_rest_which_a_desk_and_paper_show_whole(
    enter: Enter,
) -> None:
    page = enter("ziyou2", viewport=PHONE)
    page.goto("/dashboard")
    cities = page.get_by_role("table", name=re.compile("^按地市")).first
    rows = page.get_by_role("table", name="逾期清单").locator("tbody tr")
    expect(cities).to_be_hidden()
    expect(rows.nth(2)).to_be_visible()
    expect(rows.nth(3)).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("^全部[0-9]+项$"))).to_be_visible()
    page.locator("summary", has_text="数字：").first.click()
    expect(cities).to_be_visible()
    page.reload()
    page.emulate_media(media="print")
    expect(cities).to_be_visible()
    expect(rows.last).to_be_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size(DESK)
    expect(cities).to_be_visible()
    expect(rows.last).to_be_visible()
    expect(page.locator("summary", has_text="数字：").first).to_be_hidden()


def test_a_filter_and_a_day_stay_in_the_address_from_page_to_page(enter: Enter) -> None:
    page = enter("ziyou2", viewport=DESK)
    page.get_by_text("筛选和历史时点").click()
    page.get_by_label("角色").select_option("牵头")
    page.get_by_label("历史时点").fill("2026-10-31")
    open_by(page.get_by_role("button", name="查看"))
    expect(page.get_by_text("这是2026年10月31日24时系统已知的情况")).to_be_visible()
    open_by(page.locator("#figure-overdue").get_by_role("link", name="逾期未报"))
    expect(page).to_have_url(re.compile("(?=.*role=lead).*day=2026-10-31"))
    page.get_by_role("link", name="回到今天").click()
    expect(page).to_have_url(re.compile("^(?!.*day=).*role=lead"))
