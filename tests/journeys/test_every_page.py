"""Every page, as everyone who may open it, on every screen, over the demonstration."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser

from tests.journeys.addresses import addresses
from tests.journeys.walking import Walk

PEOPLE = (
    "",
    "ziyou1",
    "ziyou2",
    "fagai2",
    "lingdao1",
    "shuiwu1",
    "shuiwu2",
    "guangzhou1",
    "guangzhou2",
    "xitong1",
    "anquan1",
    "shenji1",
)


def test_every_page_fits_and_can_be_used_by_everyone(
    browser: Browser, told_app: Flask, told_live: str
) -> None:
    walk, more = Walk(told_app, told_live), addresses(told_app)
    for account in PEOPLE:
        context = browser.new_context(base_url=walk.home, locale="zh-CN")
        walk.go(context, account, more.get(account, ()))
        context.close()
    assert walk.wrong == {}
    assert not walk.missed(), f"addresses.py can lead to {walk.missed()}"
