"""The administrators' pages on every screen, and the office's pages for units."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.conftest import sign_in
from tests.journeys.test_looks import WIDTHS, grave, sideways

PAGES = {
    "xitong1": ("/", "/people", "/people/new", "/people/6", "/people/6/edit", "/people/list"),
    "anquan1": ("/", "/policies"),
    "shenji1": ("/", "/log"),
    "shuiwu2": ("/delegations",),
    "ziyou1": ("/units/31", "/units/31/edit", "/units/new", "/units/31/successions/new"),
}


@pytest.mark.parametrize("account", PAGES)
def test_every_page_fits_and_can_be_used_by_everyone(desk: BrowserContext, account: str) -> None:
    page, wrong = desk.new_page(), {}
    sign_in(page, account)
    for url in PAGES[account]:
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(url)
            if found := grave(page) + sideways(page, width):
                wrong[url, width] = found
    assert not wrong
