"""A unit files and signs in a real browser; clicks are counted, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import application
from tests.journeys.conftest import open_by, sign_in
from tests.journeys.looking import WIDTHS, grave, sideways
from tests.web.filing import OPENED, TEXT, owe
from tracker.config import Settings

MOST_TO_SUBMIT, MOST_TO_SIGN = 6, 3


class Clicks:
    """A hand that counts."""

    def __init__(self) -> None:
        self.number = 0

    def on(self, where: Locator) -> None:
        self.number += 1
        where.click()


@pytest.fixture
def live(settings: Settings, monkeypatch: pytest.MonkeyPatch, live: str) -> str:
    """Served on a day on which something is owed."""
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(application(settings))
    return live


@pytest.fixture
def other(browser: Browser, live: str) -> Iterator[BrowserContext]:
    """Another person's browser."""
    context = browser.new_context(base_url=live, locale="zh-CN")
    yield context
    context.close()


def first_owed(page: Page) -> Locator:
    return page.get_by_role("table", name="应报事项").get_by_role("link").first


def test_a_first_report_takes_six_clicks_and_its_signature_three(
    desk: BrowserContext, other: BrowserContext
) -> None:
    filer, hand = desk.new_page(), Clicks()
    sign_in(filer, "shuiwu1")
    hand.on(first_owed(filer))
    hand.on(filer.get_by_label("推进中"))
    filer.get_by_label("完成进度").fill("40")
    filer.get_by_label("进展情况").fill(TEXT)
    hand.on(filer.get_by_role("button", name="送审"))
    expect(filer.get_by_role("status")).to_contain_text("已送审")
    assert hand.number <= MOST_TO_SUBMIT

    signer, hand = other.new_page(), Clicks()
    sign_in(signer, "shuiwu2")
    hand.on(signer.get_by_role("table", name="待我审签").get_by_role("link").first)
    expect(signer.get_by_text(TEXT)).to_be_visible()
    hand.on(signer.get_by_role("button", name="审签报送"))
    expect(signer.get_by_role("heading", name="报送回执")).to_be_visible()
    assert hand.number <= MOST_TO_SIGN


def test_a_city_files_a_period_from_one_page_and_its_signer_signs_it(
    desk: BrowserContext, other: BrowserContext
) -> None:
    filer = desk.new_page()
    sign_in(filer, "guangzhou1")
    open_by(filer.get_by_role("link", name=re.compile("成批填报.*第八批.*上半年")))
    table = filer.get_by_role("table", name="成批填报")
    expect(filer.get_by_role("button", name="送审全部")).to_be_visible()
    number = table.get_by_role("row").count() - 1
    for name, value in (("工作阶段", "advancing"), ("进度", "40"), ("进展情况", TEXT)):
        field = table.get_by_label(name).first
        field.select_option(value) if name == "工作阶段" else field.fill(value)
        field.focus()
        filer.get_by_role("button", name="向下填充").click()
    filer.get_by_role("button", name="送审全部").click()
    expect(filer.get_by_role("status")).to_contain_text(f"已送审{number}项")

    signer = other.new_page()
    sign_in(signer, "guangzhou2")
    signer.get_by_role("link", name=re.compile(f"成批审签{number}项")).click()
    signer.get_by_role("button", name="审签报送勾选的").click()
    expect(signer.get_by_role("heading", name=f"已审签报送{number}项")).to_be_visible()


def test_it_all_works_without_scripts(plain: Page, tmp_path: Path) -> None:
    file = tmp_path / "证明.pdf"
    file.write_bytes(b"%PDF-1.7 text")
    sign_in(plain, "shuiwu1")
    first_owed(plain).click()
    plain.get_by_label("推进中").check()
    plain.get_by_label("完成进度").fill("40")
    plain.get_by_label("进展情况").fill(TEXT)
    plain.get_by_label("选择文件").set_input_files(file)
    plain.get_by_role("button", name="上传").click()
    expect(plain.get_by_role("link", name="证明.pdf")).to_be_visible()
    expect(plain.get_by_label("进展情况")).to_have_value(TEXT)
    plain.get_by_role("button", name="送审").click()
    expect(plain.get_by_role("status")).to_contain_text("已送审")


def test_what_is_typed_saves_itself_and_files_show_how_far_they_are(
    desk: BrowserContext, tmp_path: Path
) -> None:
    files = []
    for name, data in (("好.pdf", b"%PDF-1.7 a"), ("坏.pdf", b"MZ")):
        file = tmp_path / name
        file.write_bytes(data)
        files.append(file)
    page = desk.new_page()
    sign_in(page, "shuiwu1")
    open_by(first_owed(page))
    page.get_by_label("进展情况").fill("写了一半")
    expect(page.locator("#progress-length")).to_have_text("已写4字，最多4000字")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.get_by_label("选择文件").set_input_files(files)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("link", name="好.pdf")).to_be_visible()
    expect(page.locator("#uploads")).to_contain_text("内容与扩展名不符")
    page.reload()
    expect(page.get_by_label("进展情况")).to_have_value("写了一半")


def test_two_who_write_at_once_see_both_texts(desk: BrowserContext, other: BrowserContext) -> None:
    pages = desk.new_page(), other.new_page()
    for page in pages:
        sign_in(page, "shuiwu1")
        open_by(first_owed(page))
    pages[0].get_by_label("进展情况").fill("甲写的文字。")
    expect(pages[0].locator("#saved")).to_contain_text("已保存")
    pages[1].get_by_label("进展情况").fill("乙写的文字。")
    expect(pages[1].locator("#conflict")).to_contain_text("甲写的文字。")
    open_by(pages[1].get_by_role("button", name="保存草稿"))
    pages[1].get_by_label("两份都留").check()
    pages[1].get_by_role("button", name="按选择保存").click()
    expect(pages[1].get_by_label("进展情况")).to_have_value("甲写的文字。\n乙写的文字。")


def test_a_lost_session_loses_no_text(desk: BrowserContext) -> None:
    page = desk.new_page()
    sign_in(page, "shuiwu1")
    open_by(first_owed(page))
    desk.clear_cookies()
    page.get_by_label("进展情况").fill("会话失效时写的文字")
    expect(page.locator("#saved")).to_contain_text("登录已失效")
    expect(page.get_by_label("进展情况")).to_have_value("会话失效时写的文字")
    open_by(page.get_by_role("link", name="重新登录后恢复"))
    page.get_by_label("账号").fill("shuiwu1")
    page.get_by_label("密码").fill("demo-2026")
    open_by(page.get_by_role("button", name="登录"))
    page.get_by_role("button", name="恢复这份内容").click()
    expect(page.get_by_label("进展情况")).to_have_value("会话失效时写的文字")
    expect(page.locator("#saved")).to_contain_text("已保存")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_units_pages_fit_and_can_be_used_by_everyone(
    desk: BrowserContext, other: BrowserContext, width: int
) -> None:
    wrong, said = {}, []
    for context, account in ((desk, "guangzhou1"), (other, "guangzhou2")):
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.set_viewport_size({"width": width, "height": 900})
        sign_in(page, account)
        report = first_owed(page).get_attribute("href")
        urls = ["/", "/obligations", report, "/receipts", "/exemptions"]
        if account == "guangzhou1":
            urls.append("/sheets/yfh-2023-59/2026-H1")
        else:
            urls.append("/signing")
        for url in urls:
            page.goto(url)
            found = grave(page) + sideways(page, width)
            if found:
                wrong[account, url] = found
    assert not wrong
    assert not said
