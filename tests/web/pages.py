"""Every page of the site, and documents that are handed in to it."""

from __future__ import annotations

import io
import re

from tests.operations.documents import document
from tests.web.conftest import TOKEN, Visit

PAGES = (
    "/",
    "/password",
    "/dashboard",
    "/dashboard?notice=yfh-2023-59&role=local&day=2026-11-01",
    "/dashboard/brief",
    "/dashboard/units",
    "/dashboard/matters",
    "/owed",
    "/owed?which=expected&adoption=借鉴",
    "/notices",
    "/notices/gh-2020-96",
    "/notices/yfh-2020-146",
    "/notices/yfh-2023-59",
    "/notices/ybh-2019-376",
    "/measures",
    "/measures?words=预审",
    "/measures?words=没有这样的事项",
    "/measures/1",
    "/measures/40",
    "/measures/120",
    "/tasks",
    "/tasks?role=local&city=4401",
    "/tasks?words=没有这样的事项",
    "/units",
    "/units?words=药监",
    "/units?words=没有这样的单位",
    "/units/31",
    "/successors",
    "/successors?state=chosen",
    "/cities",
    "/cities/4403",
    "/cities/4403/checklist",
    "/notices/yfh-2023-59/matrix",
    "/imports",
    "/imports/1",
    "/imports/1/measures",
    "/imports/1/findings/unknown-unit",
    "/digests",
    "/publicity?by=notice&period=2026-Q3",
    "/digests?kind=office-digest",
    "/reviews",
    "/paper?notice=yfh-2023-59",
    "/waivers",
    "/waivers?state=granted",
    "/waivers/new?notice=yfh-2023-59",
    "/notices/yfh-2023-59/calendar",
    "/notices/qianhai-6/calendar",
    "/holidays",
    "/calls",
    "/breakdowns",
    "/cases/review",
    "/library",
    "/calls/new?notice=yfh-2023-59",
    "/designations",
    "/designations/85/cities",
    "/designations/109/class-65",
    "/tasks/1",
    "/messages",
    "/messages?unread=1",
    "/messages/channels",
    "/outbox",
    "/outbox?state=dead",
    "/robots",
    "/robots/new",
    "/reach",
    "/nowhere",
)
UNKNOWN, OPEN = "省口岸与物流办", "保税监管场所"
ROWS = (
    f"1\t推行甲事项\t一是办好甲事项。\t省税务局、{UNKNOWN}\t全省范围",
    f"2\t推行乙事项\t一是办好乙事项。\t省商务厅\t{OPEN}",
    f"3\t推行丙事项\t一是办好丙事项。\t{UNKNOWN}\t{OPEN}",
)
VERSION = re.compile(r'name="version" value="(\d+)"')


def hand_in(visit: Visit, text: str | None = None, name: str = "新通知.txt") -> str:
    """Upload a document through the page; the address of its draft."""
    data = (text if text is not None else document(*ROWS)).encode()
    response = upload(visit, data, name)
    assert response.status_code == 302, response.text
    return response.headers["Location"]


def upload(visit: Visit, data: bytes, name: str = "新通知.txt"):
    return visit.post("/imports", form="/imports", file=(io.BytesIO(data), name))


def answers(page: str, **more: object) -> dict[str, object]:
    """A draft page's form as a browser would send it, with a person's choices put in."""
    token, version = TOKEN.search(page), VERSION.search(page)
    assert token
    assert version
    keys = re.findall(r'name="((?:name|scope|notice)-\d+-key)" value="([^"]*)"', page)
    titles = re.findall(r'name="(notice-\d+-short_title)" value="([^"]*)"', page)
    sent: dict[str, object] = {"csrf_token": token[1], "version": version[1], "action": "save"}
    return {**sent, **dict(keys), **dict(titles), **more}
