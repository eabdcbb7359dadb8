"""Every page on every screen: nothing that axe calls serious, and no page scrolls sideways."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import sign_in
from tests.operations.documents import document
from tests.web.pages import PAGES, ROWS

# How a page looks does not depend on the database.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

WIDTHS = {"desk": 1440, "small": 1024, "phone": 390}
GRAVE = {"serious", "critical"}


@pytest.fixture
def page(desk: BrowserContext, tmp_path: Path) -> Page:
    """The reviewer's, with a draft that waits."""
    file = tmp_path / "新通知.txt"
    file.write_text(document(*ROWS), "utf-8")
    opened = desk.new_page()
    sign_in(opened, "ziyou1")
    opened.goto("/imports")
    opened.get_by_label("通知文件").set_input_files(file)
    opened.get_by_role("button", name="上传并读取").click()
    return opened


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_page_fits_and_can_be_used_by_everyone(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wrong = {}
    for url in PAGES:
        page.goto(url)
        found = sideways(page, width)
        if width != WIDTHS["small"]:
            found += grave(page)
        if found:
            wrong[url] = found
    assert not wrong


def test_the_sign_in_page_fits_and_can_be_used_by_everyone(desk: BrowserContext) -> None:
    page = desk.new_page()
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/sign-in")
        assert not grave(page) + sideways(page, width)


def grave(page: Page) -> list[str]:
    results = Axe().run(page)
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in results.response["violations"]
        if violation["impact"] in GRAVE
    ]


def sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide on {width} px"] if wide > width else []


def test_no_script_is_asked_for_and_nothing_is_refused(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for url in PAGES[:-1]:
        page.goto(url)
    assert not said


def test_the_first_key_leads_to_the_text(page: Page) -> None:
    page.goto("/tasks")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
