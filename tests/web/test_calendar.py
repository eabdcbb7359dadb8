"""报送日历: a month on a page, and the same days as a feed behind a secret address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from tests.cast import TAX, unit
from tests.web.conftest import TOKEN, Visit
from tests.web.filed import opened
from tracker.db import db
from tracker.papers.models import Feed
from tracker.tasks.models import Obligation
from tracker.web.limits import MOST_WRONG

ADDRESS = re.compile(r"/feeds/[\w-]+\.ics")
SignedIn = Callable[[str], Visit]


def address(visit: Visit) -> str:
    found = ADDRESS.search(visit.post("/calendar/address", form="/calendar").text)
    assert found
    return found[0]


def owed(site: Flask) -> dict[date, int]:
    """Raw rows: how many 省税务局 owes by each day."""
    with site.app_context():
        query = select(Obligation.awaited_by, func.count()).where(
            Obligation.unit_id == unit(TAX).id, Obligation.awaited_by.is_not(None)
        )
        rows = db.session.execute(query.group_by(Obligation.awaited_by))
        return {row[0]: row[1] for row in rows}


def test_the_feed_holds_every_due_day_with_alarms(
    site: Flask, signed_in: SignedIn, stranger: Visit
) -> None:
    opened(site)
    filer = signed_in("shuiwu1")
    response = stranger.get(address(filer))
    assert response.mimetype == "text/calendar"
    told: dict[date, int] = {}
    for event in Calendar.from_ical(response.data).walk("VEVENT"):
        day = event["dtstart"].dt
        told[day] = told.get(day, 0) + int(re.search(r"（(\d+)项）", event["summary"])[1])
        assert len(event.walk("VALARM")) == 2
    assert told == owed(site) != {}


def test_a_renewed_address_ends_the_one_before(
    site: Flask, signed_in: SignedIn, stranger: Visit
) -> None:
    filer = signed_in("shuiwu1")
    old, new = address(filer), address(filer)
    assert (stranger.get(old).status_code, stranger.get(new).status_code) == (404, 200)
    with site.app_context():
        (kept,) = db.session.scalars(select(Feed))
        assert kept.secret_hash not in new
    assert new not in filer.page("/calendar")
    filer.post("/calendar/end", form="/calendar")
    assert stranger.get(new).status_code == 404


def test_the_month_shows_its_due_days(site: Flask, signed_in: SignedIn) -> None:
    opened(site)
    day, number = next(iter(owed(site).items()))
    page = signed_in("shuiwu1").page(f"/calendar?month={day:%Y-%m}")
    assert f"{day.year}年{day.month}月" in page
    told = re.findall(r"（(\d+)项）</a>", page)
    assert sum(map(int, told)) >= number


def test_a_month_without_due_days_says_what_to_do(site: Flask, signed_in: SignedIn) -> None:
    page = signed_in("shuiwu1").page("/calendar?month=2031-05")
    assert "2031年5月没有到期的应报事项" in page
    assert "查看应报事项" in page


def test_the_address_works_from_where_the_page_was_opened_unless_one_is_set(
    site: Flask, signed_in: SignedIn, stranger: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(site)
    filer = signed_in("shuiwu1")

    def shown_at(host: str) -> str:
        token = TOKEN.search(filer.client.get("/calendar", base_url=f"http://{host}").text)
        assert token
        given = {"csrf_token": token[1]}
        page = filer.client.post("/calendar/address", base_url=f"http://{host}", data=given).text
        return re.search(r">(http[^<]+)/feeds/", page)[1]

    assert shown_at("localhost:9000") == "http://localhost:9000"
    chosen = replace(site.config["TRACKER"], base_url="https://t.cn", is_site_chosen=True)
    monkeypatch.setitem(site.config, "TRACKER", chosen)
    assert shown_at("localhost:9000") == "https://t.cn"
    feed = stranger.get(address(filer)).text.replace("\r\n ", "")
    assert "URL:https://t.cn/obligations" in feed


def test_guessing_addresses_is_held_and_a_right_one_with_it(
    site: Flask, signed_in: SignedIn, stranger: Visit
) -> None:
    right = address(signed_in("shuiwu1"))
    guesser = {"REMOTE_ADDR": "198.51.100.7"}

    def tried(path: str, **by: str) -> int:
        return stranger.client.get(path, environ_base=by).status_code

    assert {tried(f"/feeds/guess-{n}.ics", **guesser) for n in range(MOST_WRONG)} == {404}
    assert tried(right, **guesser) == 429
    assert "请15分钟后再试" in stranger.client.get(right, environ_base=guesser).text
    assert tried(right, REMOTE_ADDR="198.51.100.8") == 200


def test_an_address_of_before_that_is_asked_again_and_again_holds_nobody(
    site: Flask, signed_in: SignedIn, stranger: Visit
) -> None:
    right, office = address(signed_in("shuiwu1")), {"REMOTE_ADDR": "198.51.100.9"}

    def tried(path: str) -> int:
        return stranger.client.get(path, environ_base=office).status_code

    assert {tried("/feeds/of-before.ics") for _ in range(MOST_WRONG + 1)} == {404}
    assert tried(right) == 200
