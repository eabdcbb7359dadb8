"""Every page, as everyone who may open it, on every screen, over the demonstration."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.commands import TRACKER, environment
from tests.conftest import DAY
from tests.journeys.addresses import addresses
from tests.journeys.conftest import served, sign_in
from tests.journeys.looking import Watch, faults
from tests.journeys.walking import Walk
from tracker.app import create_app
from tracker.config import Settings

NOT_THERE = (
    "console: Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
)
NOW = f"{DAY.isoformat()}T10:00"
PEOPLE = (
    "",
    "ziyou1",
    "ziyou2",
    "lingdao1",
    "shuiwu1",
    "shuiwu2",
    "guangzhou1",
    "guangzhou2",
    "xitong1",
    "anquan1",
    "shenji1",
)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Served on the day for which its history is told."""
    folder = tmp_path_factory.mktemp("demonstration")
    given = environment(folder, TRACKER_NOW=NOW)
    subprocess.run([TRACKER, "init", "--demo"], env=given, check=True, capture_output=True)
    url = f"sqlite:///{folder / 'tracker.sqlite3'}"
    settings = Settings(instance=folder, database_url=url, secret_key="test" * 16, production=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_NOW", NOW)
        app = create_app(settings)
        with served(app) as address:
            yield Walk(app, address)


def test_every_page_fits_and_can_be_used_by_everyone(browser: Browser, walk: Walk) -> None:
    more = addresses(walk.app)
    for account in PEOPLE:
        context = browser.new_context(base_url=walk.home, locale="zh-CN")
        walk.go(context, account, more.get(account, ()))
        context.close()
    assert walk.wrong == {}
    assert not walk.missed(), f"addresses.py can lead to {walk.missed()}"


def test_what_is_not_there_is_said_on_a_page_like_any_other(browser: Browser, walk: Walk) -> None:
    page = browser.new_page(base_url=walk.home, locale="zh-CN")
    sign_in(page, "shuiwu1")
    assert set(faults(page, "/nowhere", Watch(page, walk.home))) == {NOT_THERE}
    page.close()


def test_the_first_key_leads_to_the_text(browser: Browser, walk: Walk) -> None:
    page = browser.new_page(base_url=walk.home, locale="zh-CN")
    sign_in(page, "shuiwu1")
    page.goto("/tasks")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_the_folding_menu_of_a_phone_needs_no_script(browser: Browser, walk: Walk) -> None:
    phone = {"width": 390, "height": 844}
    context = browser.new_context(base_url=walk.home, viewport=phone, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "guangzhou1")
    page.get_by_text("栏目", exact=False).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("navigation").get_by_role("link", name="地市").click()
    assert page.url.endswith("/cities")
    context.close()
