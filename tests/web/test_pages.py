"""What holds for every page: sound HTML, a strict policy, Chinese only, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import html5lib
import lxml.html
import pytest
from flask import Flask
from sqlalchemy import String, Text, select

from tests.cast import TAX, unit
from tests.web.conftest import MISPLACED, Visit
from tests.web.pages import PAGES, hand_in
from tracker.config import TEMPLATES
from tracker.db import Base, db
from tracker.registry.models import Installation

# Names of products and units of measure, which no Chinese office writes otherwise.
NAMES = frozenset({"Word", "Excel", "MB", "KB", "txt", "CSV"})
# Addresses of mail, and the names of settings that the operator types in.
TYPED = re.compile(r"https?://\S+|\S+@\S+|[A-Z]+(?:_[A-Z]+)+")


@pytest.fixture
def pages(reviewer: Visit) -> dict[str, str]:
    """Every page as the office sees it, with a draft waiting."""
    hand_in(reviewer)
    return {url: reviewer.get(url).text for url in PAGES}


def test_every_page_is_sound_html(pages: dict[str, str], stranger: Visit) -> None:
    pages = {**pages, "/sign-in": stranger.page("/sign-in")}
    for url, text in pages.items():
        parser = html5lib.HTMLParser()
        parser.parse(text)
        assert not parser.errors, (url, parser.errors[:3])


def test_no_id_stands_twice_on_a_page(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        ids = lxml.html.fromstring(text).xpath("//@id")
        assert len(ids) == len(set(ids)), url


def test_every_posting_form_carries_a_token(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        for form in lxml.html.fromstring(text).xpath('//form[@method="post"]'):
            assert form.xpath('.//input[@name="csrf_token"]/@value'), (url, form.action)


def test_every_field_has_a_label(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        page = lxml.html.fromstring(text)
        for field in page.xpath('//input[@type!="hidden"]|//select'):
            labelled = page.xpath("//label[@for=$id]", id=field.get("id", ""))
            inside = field.xpath("ancestor::label")
            assert labelled or inside or field.get("aria-label"), (url, field.get("name"))
        for said in page.xpath('//@aria-label | //*[@class="unseen"]/text()'):
            assert "““" not in said, (url, said)


def test_pages_are_in_chinese_and_say_so(pages: dict[str, str], site: Flask) -> None:
    with site.app_context():
        printed = frozenset(printed_words())
    for url, text in pages.items():
        page = lxml.html.fromstring(text)
        assert page.get("lang") == "zh-CN"
        said = TYPED.sub("", " ".join(visible(page)))
        words = set(re.findall("[A-Za-z]{2,}", said))
        assert words <= printed | NAMES, (url, words - printed - NAMES)


def visible(page: lxml.html.HtmlElement) -> Iterator[str]:
    yield from page.xpath("//text()")
    yield from page.xpath("//@placeholder|//@aria-label|//@data-label|//@alt|//@title")


def printed_words() -> Iterator[str]:
    """Latin words of names and source texts; a short word of our own is none of them."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | Text) and column.name in SAID:
                for value in db.session.scalars(select(column)):
                    yield from re.findall("[A-Za-z]{2,}", value or "")


SAID = frozenset({"title", "gist", "name", "content", "note", "units_raw", "message", "source"})


def test_every_response_carries_the_strict_policy(reviewer: Visit) -> None:
    for url in ("/", "/nowhere", "/healthz", "/sign-in"):
        headers = reviewer.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_a_year_under_an_address_of_their_content(
    stranger: Visit,
) -> None:
    page = lxml.html.fromstring(stranger.page("/sign-in"))
    addresses = page.xpath("//link/@href|//img/@src")
    assert {address.rpartition("/")[2] for address in addresses} == {"icon.svg", "pages.css"}
    for address in addresses:
        assert address.startswith("/static/")
        response = stranger.get(address)
        assert response.status_code == 200
        assert "max-age=31536000" in response.headers["Cache-Control"]
        assert "immutable" in response.headers["Cache-Control"]


def test_nothing_comes_from_outside_and_nothing_stands_inline(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        page = lxml.html.fromstring(text)
        assert not page.xpath("//script[not(@src)]|//style|//@style|//@onclick|//iframe"), url
        assert all(a.startswith(("/", "#")) for a in page.xpath("//@href|//@src")), url


@pytest.mark.parametrize(
    "forbidden", ["|safe", "| safe", " style=", "<script>", "http://", "//cdn"]
)
def test_no_template_holds(forbidden: str) -> None:
    for file in TEMPLATES.rglob("*.html"):
        assert forbidden not in file.read_text("utf-8"), file


def test_every_page_says_that_nothing_secret_belongs_here(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        assert "本系统为非涉密系统，严禁处理涉密信息" in text, url


def test_a_demonstration_says_so_on_every_page(
    site: Flask, stranger: Visit, reviewer: Visit
) -> None:
    assert "演示数据" not in reviewer.page("/notices")
    with site.app_context():
        db.session.get_one(Installation, 1).is_demonstration = True
        db.session.commit()
    for text in (stranger.page("/sign-in"), reviewer.page("/notices"), reviewer.get("/x").text):
        assert "演示数据" in text


def test_searching_finds_words_inside_a_title(reviewer: Visit) -> None:
    assert "构建“审前、审中、审后”精细化专利预审服务体系" in reviewer.page("/measures?words=预审")


def test_marks_of_a_search_are_words_not_patterns(reviewer: Visit) -> None:
    assert "没有符合条件的事项" in reviewer.page("/measures?words=%25")
    assert "没有符合条件的任务" in reviewer.page("/tasks?words=_")


def test_filters_stay_in_the_address_from_page_to_page(reviewer: Visit) -> None:
    first = lxml.html.fromstring(reviewer.page("/tasks?role=local&city=4401"))
    (following,) = first.xpath('//a[@rel="next"]/@href')
    assert "role=local" in following
    assert "city=4401" in following
    second = reviewer.page(following)
    assert "回到第一页" in second
    assert not set(rows(reviewer.page("/tasks?role=local&city=4401"))) & set(rows(second))


def rows(page: str) -> list[str]:
    return [row.text_content() for row in lxml.html.fromstring(page).xpath("//tbody/tr")]


def test_administrators_see_units_but_no_tasks(signed_in: Callable[[str], Visit]) -> None:
    page = signed_in("xitong1").page("/units/30")
    assert "登记依据" in page
    assert "牵头" not in page


def test_what_the_registry_rests_on_is_for_the_office_and_administrators(
    site: Flask, signed_in: Callable[[str], Visit]
) -> None:
    with site.app_context():
        page = f"/units/{unit('肇庆市人民政府').id}"
    for account in ("ziyou1", "xitong1"):
        assert "单个名称为一般知识" in signed_in(account).page(page)
        assert "待核实" in signed_in(account).page(page)
    for account in ("shuiwu1", "guangzhou2", "lingdao1", MISPLACED):
        assert "一般知识" not in signed_in(account).page(page)
        assert "待核实" not in signed_in(account).page(page)


def test_the_list_of_tasks_offers_the_units_that_have_some(reviewer: Visit) -> None:
    offered = lxml.html.fromstring(reviewer.page("/tasks")).xpath('//select[@name="unit"]/option')
    names = {option.text for option in offered}
    assert "省税务局" in names
    assert "省委金融办" not in names


def test_a_city_is_told_what_does_not_come_to_it_and_why(filer: Visit) -> None:
    page = filer.page("/cities/4403")
    assert "已复制推广的事项" in page
    assert "待指定地市" in page


def test_a_measure_that_waits_says_so(reviewer: Visit) -> None:
    page = lxml.html.fromstring(reviewer.page("/"))
    (first, *_rest) = page.xpath('//section[@aria-labelledby="waiting"]//tbody//td[1]//a/@href')
    assert "没有文件界定，不作推定，待统筹单位指定地市" in reviewer.page(first)


def test_a_unit_without_other_names_shows_no_empty_place_for_them_to_who_cannot_add_one(
    filer: Visit, reviewer: Visit, site: Flask
) -> None:
    with site.app_context():
        own = f"/units/{unit(TAX).id}"
    assert "别称" not in filer.page(own)
    assert "没有登记别称" in reviewer.page(own)


def test_a_units_page_names_it_once_and_not_in_every_row(filer: Visit, site: Flask) -> None:
    with site.app_context():
        own = f"/units/{unit(TAX).id}"
    table = lxml.html.fromstring(filer.page(own)).xpath(
        '//section[@aria-labelledby="tasks"]//table'
    )
    heads = [head.text_content() for head in table[0].xpath(".//th")]
    assert heads == ["事项", "所在通知", "角色", "状态"]
    assert "承担单位" in filer.page("/tasks")
