"""A measure's page: what is counted agrees with what is shown, whoever looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable

import lxml.html
import pytest
from flask import Flask, render_template_string
from sqlalchemy import select

from tests.cast import EIGHTH, TENTH, tasks_of
from tests.web.conftest import Visit
from tests.web.overseen import TODAY, story
from tracker.db import db
from tracker.registry.models import City
from tracker.tasks.lights import GREEN, GREY, LIGHTS

SignIn = Callable[[str], Visit]
UNTIMED = LIGHTS[GREY]


@pytest.fixture
def told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TRACKER_NOW", f"{TODAY}T10:00")
    story(site)
    return site


def of_city(told: Flask, unit: str, slug: str) -> list[str]:
    with told.app_context():
        return [f"/measures/{task.measure_id}" for task in tasks_of(unit, slug)]


def text(page: str, where: str) -> str:
    return "".join(lxml.html.fromstring(page).xpath(f"string({where})").split())


def test_the_number_of_tasks_says_whose_they_are_and_where_those_are_that_it_does_not_list(
    told: Flask, signed_in: SignIn
) -> None:
    url = of_city(told, "广州市人民政府", EIGHTH)[0]
    for account, listed, others in (
        ("ziyou1", 23, ""),
        ("guangzhou1", 3, "其他20个地市的属地任务在下面只列个数"),
        ("fagai1", 2, "21个地市的属地任务在下面只列个数"),
    ):
        page = signed_in(account).page(url)
        tasks = text(page, '//section[@aria-labelledby="tasks"]')
        assert "共23项：牵头2项、属地21项（21个地市各1项）" in tasks, account
        assert tasks.count("办理情况：") == listed
        assert (f"这里列出其中{listed}项；{others}。" in tasks) == bool(others)


def test_the_tiles_say_how_many_cities_have_a_task_and_what_the_others_are(
    told: Flask, signed_in: SignIn
) -> None:
    office = signed_in("ziyou1")
    pages = [office.page(url) for url in of_city(told, "广州市人民政府", TENTH)]
    seen = set()
    for page in pages:
        tiles = lxml.html.fromstring(page).xpath('//li[starts-with(@class, "tile ")]')
        said = text(page, '//div[ul/@class="tiles" or figure]/p')
        with_task = sum(bool(tile.xpath("a")) for tile in tiles)
        assert f"图上21个地市，{with_task}个有属地任务" in said
        for word in ("已复制推广", "范围外"):
            number = sum(tile.xpath('string(.//*[@class="tile-word"])') == word for tile in tiles)
            assert (f"，{number}个{word}" in said) == bool(number)
            seen |= {word} if number else set()
    assert seen == {"已复制推广", "范围外"}


def test_a_page_with_a_light_of_nothing_awaited_says_what_that_is(
    told: Flask, signed_in: SignIn
) -> None:
    """Tasks that are waived or closed have a word of their own, and no light."""
    city = of_city(told, "广州市人民政府", EIGHTH)[0]
    for account, url in (
        ("ziyou1", city),
        ("guangzhou1", "/cities/4401"),
        ("guangzhou1", city),
        ("haishi1", city),
        ("ziyou2", f"/notices/{EIGHTH}/matrix"),
    ):
        page = re.sub(r"<[^>]+>", "", signed_in(account).page(url))
        assert page.count(f"{UNTIMED}：目前没有等待报送的事项") == 1, url


def test_tiles_under_no_light_say_what_that_is(told: Flask) -> None:
    drawing = "{% from 'macros/charts.html' import tile_map %}{{ tile_map(known, '') }}"
    with told.test_request_context():
        names = db.session.execute(select(City.code, City.name)).all()
        for tone in (GREEN, GREY):
            tile = {"tone": tone, "word": LIGHTS[tone]}
            page = render_template_string(drawing, known={c: {"name": n, **tile} for c, n in names})
            assert (f"{UNTIMED}：" in text(page, "//figcaption")) == (tone == GREY)
