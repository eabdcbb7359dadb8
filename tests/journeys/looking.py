"""What a page must be on every screen: found faults in words, none when all is well."""

from __future__ import annotations

import json
from collections.abc import Collection
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

WIDTHS = {"desk": 1440, "small": 1024, "phone": 390}
TWICE = ("desk", "phone")
GRAVE = {"serious", "critical"}
AXE = Axe()
# Rules whose faults are never grave are not asked: each rule says itself how grave its faults are.
LOOK = """grave => axe.run({
  resultTypes: ["violations"],
  rules: Object.fromEntries(axe._audit.rules
    .filter(rule => rule.impact && !grave.includes(rule.impact))
    .map(rule => [rule.id, {enabled: false}])),
}).then(found => found.violations)"""
SYSTEM = "复制推广工作跟踪系统"
FORM = """({title: document.title, lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length, main: document.querySelectorAll("main").length,
  styled: document.querySelectorAll("[style], style, script:not([src])").length})"""


def grave(page: Page) -> list[str]:
    """Through the debugger, not through the page: the page's own policy lets no script in."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(LOOK, sorted(GRAVE))
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in found
        if violation["impact"] in GRAVE
    ]


def sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide on {width} px"] if wide > width else []


def form(page: Page) -> list[str]:
    found = page.evaluate(FORM)
    title = found.pop("title")
    wanted = {"lang": "zh-CN", "headings": 1, "main": 1, "styled": 0}
    wrong = [f"{key} is {found[key]!r}" for key in wanted if found[key] != wanted[key]]
    name, _, system = title.rpartition(" - ")
    return wrong + ([] if name and system == SYSTEM else [f"the title is {json.dumps(title)}"])


class Watch:
    """What the browser says while pages load, and whom it asks."""

    def __init__(self, page: Page, home: str) -> None:
        self.host = urlsplit(home).netloc
        self.said: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme != "data" and asked.netloc != self.host:
            self.said.append(f"asks {request.url}")

    def taken(self) -> list[str]:
        said, self.said = self.said, []
        return said


def faults(page: Page, url: str, watch: Watch, axe_on: Collection[str] = TWICE) -> list[str]:
    """Of one page, opened once and then narrowed."""
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    page.goto(url)
    found = form(page)
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        found += sideways(page, width)
        if name in axe_on:
            found += grave(page)
    return found + watch.taken()
