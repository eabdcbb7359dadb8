"""A walk through the whole site: from the addresses that are known along the links of the pages."""

from __future__ import annotations

import gzip
import html
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from flask import Flask
from playwright.sync_api import APIResponse, BrowserContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.journeys.conftest import sign_in
from tests.journeys.looking import TWICE, Watch, faults
from tests.papers import office_files
from tests.web.test_access import CASTS, TABLE
from tracker.web.assets import FOLDER
from tracker.web.downloads import DOCX, XLSX

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
CHANGING = re.compile(r'name="(?:csrf_token|key)"[^>]*value="[^"]*"')
OK, REFUSED = 200, 400
HEAVIEST = 150_000
NO_PAGES = {"assets.static"}


@dataclass
class Walk:
    """What was reached, by whom, and what was wrong there."""

    app: Flask
    home: str
    reached: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def site(self) -> MapAdapter:
        return self.app.url_map.bind("")

    def endpoint(self, url: str) -> str:
        try:
            return str(self.site().match(url.partition("?")[0], method="GET")[0])
        except HTTPException:
            return ""

    def missed(self) -> list[str]:
        """Pages to which no link led, and no known address either."""
        rules = self.app.url_map.iter_rules()
        pages = {str(rule.endpoint) for rule in rules if "GET" in (rule.methods or ())}
        return sorted(pages - self.reached.keys() - NO_PAGES)

    def go(self, context: BrowserContext, account: str, more: Sequence[str] = ()) -> None:
        """As one person: each page once, in the browser if nobody has seen the like of it."""
        page = context.new_page()
        if account:
            sign_in(page, account)
        watch = Watch(page, self.home)
        waiting = deque((url, False) for url in (*more, *known(account)))
        done: set[str] = set()
        while waiting:
            url, is_link = waiting.popleft()
            name = self.endpoint(url)
            if is_link and name in done:
                continue
            response = context.request.get(url, max_redirects=0)
            if response.status == OK:
                done.add(name)
                if name not in self.reached and is_office_file(response):
                    self.note(account, url, office_files.faults(response.body()))
                self.reached.setdefault(name, set()).add(account)
                if is_page(response):
                    text = response.text()
                    self.note(account, url, heavy(response))
                    waiting.extend((link, True) for link in links(text))
                    if self.is_new(text):
                        self.note(account, url, faults(page, url, watch, self.screens(name)))
            elif is_link and response.status >= REFUSED:
                self.note(account, url, [f"a link leads to {response.status}"])
        page.close()

    def screens(self, name: str) -> tuple[str, ...]:
        """On a phone too when it is the first page of its kind; the others differ in their rows."""
        is_first = name not in self.looked
        self.looked.add(name)
        return TWICE if is_first else TWICE[:1]

    def is_new(self, text: str) -> bool:
        """Whether nobody saw this text yet; a part that a script fetches is no page."""
        _, is_page, body = CHANGING.sub("", text).partition("<main")
        is_new = bool(is_page) and body not in self.seen
        self.seen.add(body)
        return is_new

    def note(self, account: str, url: str, found: list[str]) -> None:
        if found:
            self.wrong.setdefault((account, url), []).extend(found)


def is_page(response: APIResponse) -> bool:
    return response.headers.get("content-type", "").startswith("text/html")


def is_office_file(response: APIResponse) -> bool:
    return response.headers.get("content-type", "") in (XLSX, DOCX)


def heavy(response: APIResponse) -> list[str]:
    """A first visit takes the page and, at most, every file that belongs to pages."""
    weight = weight_of_files() + int(response.headers["content-length"])
    return [f"weighs {weight} bytes"] if weight > HEAVIEST else []


@cache
def weight_of_files() -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in FOLDER.iterdir())


def links(text: str) -> Iterator[str]:
    for found in LINK.findall(text):
        yield html.unescape(found)


def known(account: str) -> list[str]:
    """What the table of access says this person may look at."""
    column = next((name for name, accounts in CASTS.items() if account in accounts), "stranger")
    return [
        url
        for (_, method), (url, answers) in TABLE.items()
        if method == "GET" and answers.get(account, answers[column]) == OK and "{" not in url
    ]
