"""Evaluations and bulletins on pages: every figure opens its rows; a unit sees itself alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import TAX, unit
from tests.supervision.test_evaluating import by_hand, counted
from tests.web.conftest import Visit
from tests.web.filed import PERIOD, filed
from tests.web.test_urging import logged, told
from tests.web.urged import proposed, send
from tracker.clock import today
from tracker.db import db
from tracker.operations.exporting import export
from tracker.supervision.models import Bulletin, BulletinLine, EvaluationRow
from tracker.supervision.scoring import FIGURES
from tracker.tasks.models import Obligation

SignIn = Callable[[str], Visit]
BEHIND = re.compile(r'href="(/evaluations/1/rows\?[^"]+)">(\d+)</a>')


@pytest.fixture
def chief(signed_in: SignIn) -> Visit:
    return signed_in("ziyou2")


@pytest.fixture
def urging(site: Flask, chief: Visit) -> Flask:
    """A site with two filed reports, an urge, and everything else late."""
    urge_id = proposed(site)
    send(chief, site, urge_id)
    filed(site, number=2)
    return site


def freeze(chief: Visit, day: date | None = None) -> str:
    data = {"period": PERIOD, "as_of": (day or today()).isoformat()}
    return chief.post("/evaluations", form="/evaluations", **data).headers["Location"]


def rows_shown(visit: Visit, url: str) -> int:
    """All rows of a list, page by page."""
    number = 0
    while url:
        page = lxml.html.fromstring(visit.page(url))
        number += len(page.findall(".//tbody/tr"))
        url = next((link.get("href") for link in page.findall(".//a[@rel='next']")), "")
    return number


def test_every_figure_of_the_page_opens_as_many_rows(urging: Flask, chief: Visit) -> None:
    """Each is followed on the page, and judged by a count of raw rows."""
    page = chief.page(freeze(chief)).replace("&amp;", "&")
    links = BEHIND.findall(page)
    with urging.app_context():
        told = by_hand_of(urging)
    assert len(links) >= len(FIGURES) * 2
    for url, number in links:
        figure, unit_id = figure_of(url)
        assert int(number) == told[unit_id][figure], url
    shown = {url: int(number) for url, number in links if int(number) and "unit=" not in url}
    shown |= dict(list({url: int(n) for url, n in links if int(n) and "unit=" in url}.items())[:12])
    assert {url: rows_shown(chief, url) for url in shown} == shown


def by_hand_of(site: Flask) -> dict[str, dict[str, int]]:
    """By unit, and of all, as counted by hand from the quarter's raw rows."""
    quarter = tuple(f"2026-M0{month}" for month in (7, 8, 9))
    facts = by_hand(today(), (PERIOD, *quarter))
    units = {str(fact["unit"]) for fact in facts}
    own = {one: counted([f for f in facts if str(f["unit"]) == one]) for one in units}
    return {**own, "": counted(facts)}


def figure_of(url: str) -> tuple[str, str]:
    known = dict(pair.split("=", 1) for pair in url.partition("?")[2].split("&"))
    return known["figure"], known.get("unit", "")


def test_it_is_frozen_and_counted_again_equal(urging: Flask, chief: Visit, reviewer: Visit) -> None:
    url = freeze(chief, today() - timedelta(days=1))
    before = BEHIND.findall(chief.page(url))
    reviewer.post("/reviews/accept", form="/reviews", report="1:1")
    assert BEHIND.findall(chief.page(url)) == before
    chief.post(f"{url}/check", form=url)
    assert "与冻结的数字完全一致" in chief.page(url)
    assert {"accept report", "recount evaluation"} <= set(logged(urging))


def test_it_is_exported_as_it_stands_on_the_page(
    urging: Flask, chief: Visit, tmp_path: Path
) -> None:
    day, before = today(), today() - timedelta(days=1)
    freeze(chief)
    for on, out in ((day, tmp_path / "frozen.json"), (before, tmp_path / "nothing.json")):
        with urging.app_context():
            export("evaluation", "json", out, on=on)
    rows = json.loads((tmp_path / "frozen.json").read_text("utf-8"))
    tax = next(row for row in rows if row["unit"] == TAX)
    assert (tax["as_of"], tax["period"], tax["late"]) == (day.isoformat(), PERIOD, 2)
    assert tax["expected"] == tax["late"] + tax["missing"]
    assert json.loads((tmp_path / "nothing.json").read_text("utf-8")) == []


def test_a_unit_sees_itself_and_the_median_once_it_is_shown(
    urging: Flask, chief: Visit, filer: Visit
) -> None:
    url = freeze(chief)
    assert filer.get(url).status_code == 404
    chief.post(f"{url}/show", form=url)
    page = filer.page(url)
    assert "省税务局" in page
    assert "中位数" in page
    assert "广东海事局" not in page
    assert url in filer.page("/evaluations")


def test_a_unit_opens_nobody_elses_rows(urging: Flask, chief: Visit, filer: Visit) -> None:
    url = freeze(chief)
    chief.post(f"{url}/show", form=url)
    with urging.app_context():
        other = unit("广东海事局").id
        own = db.session.scalars(
            select(EvaluationRow.expected).where(EvaluationRow.unit_id == unit(TAX).id)
        ).one()
    assert rows_shown(filer, f"{url}/rows?figure=expected&unit={other}") == own


def test_an_evaluation_of_another_office_is_not_found(
    urging: Flask, chief: Visit, signed_in: SignIn
) -> None:
    url = freeze(chief)
    for account in ("fagai2", "guangzhou1"):
        assert signed_in(account).get(url).status_code == 404, account
    assert signed_in("lingdao1").get(url).status_code == 200


def test_what_cannot_be_frozen_is_said(urging: Flask, chief: Visit) -> None:
    for data in ({"period": "1999", "as_of": "2026-11-01"}, {"period": PERIOD, "as_of": "x"}):
        response = chief.post("/evaluations", form="/evaluations", **data)
        assert response.status_code == 422
        assert "请选择报告期" in response.text


def test_a_bulletin_goes_from_the_draft_to_the_units_it_names(
    urging: Flask, chief: Visit, filer: Visit, signed_in: SignIn
) -> None:
    url = chief.post("/bulletins", form="/bulletins").headers["Location"]
    assert filer.get(url).status_code == 404
    with urging.app_context():
        bulletin = db.session.scalars(select(Bulletin)).one()
        tax = unit(TAX).id
        typed = {"title": bulletin.title, "opening": bulletin.opening, "demands": "请抓紧补报。"}
    chief.post(f"{url}/publish", form=url, named=tax, **typed)
    assert f"〔{today().year}〕1号" in filer.page(url)
    assert "请抓紧补报。" in filer.page(url)
    assert signed_in("haishi1").get(url).status_code == 404
    assert len(told(urging, "issued-bulletin")) == 2
    with urging.app_context():
        lines = select(Obligation.task_id).join(BulletinLine)
        task = db.session.scalars(lines.where(BulletinLine.unit_id == tax).limit(1)).one()
    assert "通报" in filer.page(f"/tasks/{task}").partition('id="life"')[2]


def test_one_draft_a_day_and_a_published_one_is_not_edited(urging: Flask, chief: Visit) -> None:
    url = chief.post("/bulletins", form="/bulletins").headers["Location"]
    assert chief.post("/bulletins", form="/bulletins").headers["Location"] == url
    typed = {"title": "通报", "opening": "总体情况。", "demands": "工作要求。"}
    chief.post(f"{url}/publish", form=url, **typed)
    response = chief.post(f"{url}/edit", form=url, **typed)
    assert response.status_code == 422
    with urging.app_context():
        assert db.session.scalars(select(Bulletin.number)).one() == 1
