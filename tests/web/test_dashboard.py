"""Every number of the office's pages opens the list it counts, and is what raw rows say."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import lxml.html
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests.operations.documents import document
from tests.web.conftest import Visit
from tests.web.overseen import BEFORE, MONDAY, TODAY, asked_for, by_hand, story
from tests.web.pages import hand_in
from tests.web.test_query_counts import office_id
from tracker.days import spelled
from tracker.reports import queries as reports
from tracker.supervision import listing
from tracker.supervision.scoring import rate
from tracker.tasks.tallying import differences
from tracker.web.desk.owed import GROUPS
from tracker.web.paging import PAGE


@pytest.fixture
def told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TRACKER_NOW", f"{TODAY}T10:00")
    story(site)
    return site


@pytest.fixture
def chief(told: Flask, signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("ziyou2")


def figures(page: str) -> dict[str, str]:
    found = {}
    for one in lxml.html.fromstring(page).xpath('//dl[contains(@class, "figures")]/div'):
        told = [*one.xpath("dd/a[@class='figure-number']/text()"), one.xpath("string(dd)")]
        found[one.get("id").removeprefix("figure-")] = told[0].split()[0]
    return found


def links(page: str) -> Iterator[tuple[str, int]]:
    """Each number that opens a list, with the list's address."""
    tree = lxml.html.fromstring(page)
    for link in tree.xpath('//a[@class="figure"][starts-with(@href, "/owed")]'):
        yield link.get("href"), int(link.text.replace(",", ""))
    for link in tree.xpath('//dd/a[@class="figure-number"][starts-with(@href, "/owed")]'):
        # The rate opens what it is a share of, which stands beside it as a number.
        if link.xpath("string(../../@id)") != "figure-rate":
            yield link.get("href"), int(link.xpath("string(text())").replace(",", ""))


def total(page: str) -> int:
    return int(lxml.html.fromstring(page).xpath('string(//*[@id="total"])'))


@pytest.mark.parametrize("at", ["/dashboard", f"/dashboard?day={BEFORE}"], ids=["now", "then"])
def test_every_number_opens_the_list_it_counts_and_is_what_rows_say(
    told: Flask, chief: Visit, at: str
) -> None:
    numbers = dict(links(chief.page(at)))
    assert len(numbers) >= 60
    with told.app_context():
        assert numbers == by_hand(numbers, office_id())
    for href in list(numbers)[:: 1 if at == "/dashboard" else 9]:
        assert total(chief.page(href)) == numbers[href], href


@pytest.mark.parametrize(
    "narrowed",
    ["role=lead", "adoption=复制推广", "city=4401", "notice=yfh-2023-59&period=2026-Q3"],
)
def test_filters_narrow_every_number_and_stay_in_every_link(
    told: Flask, chief: Visit, narrowed: str
) -> None:
    numbers = dict(links(chief.page(f"/dashboard?{narrowed}")))
    with told.app_context():
        assert numbers == by_hand(numbers, office_id())
    lists = [asked_for(href) for href in numbers]
    name, _, value = narrowed.split("&", maxsplit=1)[0].partition("=")
    # What waits for the office to act is told of all its notices, whatever is looked at.
    assert {asked[name] for which, asked in lists if which != "unassigned"} == {value}


@pytest.mark.parametrize("day", [TODAY, BEFORE, date(2026, 10, 22), date(2026, 11, 20)], ids=str)
def test_what_was_overdue_with_what_came_and_without_what_went_is_overdue_now(
    told: Flask, chief: Visit, day: date
) -> None:
    def number(which: str) -> int:
        return total(chief.page(f"/owed?which={which}&day={day}"))

    page = chief.page(f"/dashboard?day={day}")
    told_there = {asked_for(href)[0]: number for href, number in links(page)}
    numbers = {which: number(which) for which in ("before", "newly", "met", "settled", "overdue")}
    came, went = numbers["newly"], numbers["met"] + numbers["settled"]
    assert numbers["before"] + came - went == numbers["overdue"]
    assert {which: told_there.get(which, 0) for which in numbers} == numbers


def test_how_the_week_began_is_told_as_it_began(chief: Visit) -> None:
    page = chief.page(f"/owed?which=before&day={TODAY}")
    assert f"截至{spelled(MONDAY)}零时" in page
    assert "上周末逾期未报" in page


def test_the_rate_is_the_share_of_two_lists_and_what_waits_is_listed_by_kind(chief: Visit) -> None:
    page, now = chief.page(f"/dashboard?day={BEFORE}"), chief.page("/dashboard")
    numbers = {asked_for(href)[0]: number for href, number in links(page)}
    share = rate(numbers["latest_on_time"], numbers["latest_expected"])
    assert figures(page)["rate"] == f"{share}%"
    assert "2026年第3季度" in page
    assert "2026年第3季度" in chief.page(f"/owed?which=latest_expected&day={BEFORE}")
    assert "2026年下半年、第4季度" in now
    assert "2026年下半年、第4季度" in chief.page("/owed?which=latest_on_time")
    assert str(total(chief.page("/dashboard/matters"))) == figures(now)["matters"]


def test_what_waits_for_review_is_the_reviewers_queue(told: Flask, chief: Visit) -> None:
    with told.app_context():
        assert figures(chief.page("/"))["review"] == str(reports.number_in_review(office_id()))
        assert differences() == 0


def test_a_past_day_tells_which_reviews_were_late_then(chief: Visit) -> None:
    """Two waited from 12 and 13 October for five workdays, and were decided on 26 and 28."""
    for day, late in (("2026-10-19", 0), ("2026-10-21", 2), ("2026-10-27", 1), ("2026-10-28", 0)):
        address = f"/owed?which=review_late&day={day}"
        assert total(chief.page(address)) == late, day
        board = chief.page(f"/dashboard?day={day}")
        assert (f"{late}份已超过审核期限" in board) == bool(late), day


def rows_of(data: bytes) -> list[list[Any]]:
    """Of a workbook's only sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    (sheet,) = book.sheet_names
    return book.get_sheet_by_name(sheet).to_python()


def test_a_list_in_excel_has_the_rows_of_the_page_and_no_formula(chief: Visit) -> None:
    data = chief.get("/owed.xlsx?which=overdue&role=lead").data
    assert len(rows_of(data)) - 3 == total(chief.page("/owed?which=overdue&role=lead"))
    assert b"<f>" not in data


def test_pages_of_a_list_are_whole_and_overlap_nowhere(chief: Visit) -> None:
    seen, url = [], "/owed?which=overdue&role=local"
    while url:
        page = lxml.html.fromstring(chief.page(url))
        seen += page.xpath("//tbody//td[1]//a/@href")
        url = next(iter(page.xpath('//a[@rel="next"]/@href')), "")
    assert len(seen) == total(chief.page("/owed?which=overdue&role=local"))
    assert len(set(seen)) == len(seen)


def test_each_office_sees_its_own_notices_and_a_leader_that_offices(
    told: Flask, signed_in: Callable[[str], Visit]
) -> None:
    pages = {who: signed_in(who).page("/") for who in ("ziyou2", "fagai2", "lingdao1")}
    assert figures(pages["ziyou2"]) == figures(pages["lingdao1"])
    assert "第八批" in pages["lingdao1"]
    assert "第八批" not in pages["fagai2"]


def test_words_without_meaning_ask_for_nothing_and_that_is_said(chief: Visit) -> None:
    odd, plain = "?unit=999999&period=2026-Q9&role=lead", "?role=lead"
    said = "没有找到所选的单位、报告期，以下没有按单位、报告期筛选。"
    assert total(chief.page(f"/owed{odd}")) == total(chief.page(f"/owed{plain}"))
    for page in ("/owed", "/dashboard", "/dashboard/brief", "/dashboard/units"):
        assert said in chief.page(f"{page}{odd}"), page
        assert "没有找到所选的" not in chief.page(f"{page}{plain}"), page
    assert said in " ".join(map(str, rows_of(chief.get(f"/owed.xlsx{odd}").data)[1]))


@pytest.mark.parametrize("page", ["/owed", "/owed.xlsx"])
def test_a_list_that_there_is_not_is_not_found_and_no_other_is_shown(
    chief: Visit, page: str
) -> None:
    answer = chief.get(f"{page}?which=unknown")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.text


@pytest.mark.parametrize("day", [BEFORE, date(2026, 10, 21)], ids=str)
def test_what_waits_for_review_is_listed_by_the_reviewers_own_day(chief: Visit, day: date) -> None:
    page = lxml.html.fromstring(chief.page(f"/owed?which=review&day={day}"))
    days = page.xpath('//td[@data-label="审核期限"]/div/text()')
    head, *rows = rows_of(chief.get(f"/owed.xlsx?which=review&day={day}").data)[2:]
    assert [spelled(row[head.index("审核期限")]) for row in rows] == days
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2031-01-01", "不能晚于今天"), ("上个月", "请写成2026-10-31这样的日期")],
)
def test_a_day_that_cannot_be_is_named_beside_its_field_and_today_is_shown(
    chief: Visit, typed: str, sentence: str
) -> None:
    page = chief.page(f"/dashboard?day={typed}")
    field = lxml.html.fromstring(page).xpath('//div[input[@id="filter-day"]]')[0]
    assert sentence in field.text_content()
    assert field.xpath("string(input/@value)") == typed
    assert figures(page) == figures(chief.page("/dashboard"))
    assert sentence in chief.page(f"/dashboard/brief?day={typed}")


def test_what_waits_for_the_office_says_when_it_is_not_of_what_is_looked_at(chief: Visit) -> None:
    narrowed, past = chief.page("/dashboard?role=lead"), chief.page(f"/dashboard?day={BEFORE}")
    assert "未作筛选" in narrowed
    assert "未作筛选" not in chief.page("/dashboard")
    assert figures(past)["matters"] == "—"
    assert "只有今天的数" in past


def test_what_leaves_no_local_task_has_one_sentence_and_no_city(chief: Visit) -> None:
    for narrowed, said in (("role=lead", True), ("role=local", False), ("", False)):
        page = lxml.html.fromstring(chief.page(f"/dashboard?{narrowed}"))
        section = page.xpath('//section[@aria-labelledby="by-city"]')[0]
        assert ("所选范围没有地市任务。" in section.text_content()) is said, narrowed
        assert bool(section.xpath('.//*[contains(@class, "tile")] | .//table')) is not said


def test_a_chosen_city_stands_alone_in_its_table(chief: Visit) -> None:
    page = lxml.html.fromstring(chief.page("/dashboard?city=4401"))
    section = page.xpath('//section[@aria-labelledby="by-city"]')[0]
    assert section.xpath('.//td[@data-label="地市"]//a/text()') == ["广州市"]
    assert not section.xpath('.//*[contains(@class, "tile")]')


def left_open(page: str) -> list[str]:
    tree = lxml.html.fromstring(page)
    return tree.xpath('//section[@aria-labelledby="waiting"]//td[@data-label="事项"]//a/@href')


def test_what_notices_leave_open_is_what_is_counted_and_what_its_page_lists(chief: Visit) -> None:
    page = chief.page("/dashboard")
    (number,) = lxml.html.fromstring(page).xpath(
        '//section[@aria-labelledby="matters"]//a[@href="/designations"]/text()'
    )
    assert len(left_open(page)) == int(number) > 0
    assert left_open(page) == left_open(chief.page("/designations"))


def test_what_notices_leave_open_is_narrowed_by_notice_and_adoption_and_says_so(
    chief: Visit,
) -> None:
    every = left_open(chief.page("/dashboard"))
    ways = [left_open(chief.page(f"/dashboard?adoption={way}")) for way in ("复制推广", "借鉴")]
    assert sorted(ways[0] + ways[1]) == sorted(every)
    slugs = ("yfh-2023-59", "yfh-2020-146")
    narrowed = [left_open(chief.page(f"/dashboard?notice={slug}")) for slug in slugs]
    assert all(set(own) <= set(every) for own in narrowed)
    assert any(own != every for own in narrowed)
    assert "只按通知和方式筛选" in chief.page("/dashboard?unit=1&role=lead")
    assert "只按通知和方式筛选" not in chief.page("/dashboard?notice=yfh-2023-59")


def test_every_number_of_what_waits_opens_the_list_that_it_counts(chief: Visit) -> None:
    """Beside the file that waits another was put aside; so is the bulletin in the end."""
    bulletin = chief.post("/bulletins", form="/bulletins").headers["Location"]
    hand_in(chief)
    put_aside = hand_in(chief, document("1\t另一事项\t一是。\t省税务局\t全省范围"))
    chief.post(f"{put_aside}/drop", form=put_aside)
    page = lxml.html.fromstring(chief.page("/dashboard/matters"))
    waiting = page.xpath('//li[starts-with(@class, "matter")]//a')
    assert {"/bulletins?state=draft", "/imports?state=draft"} <= {a.get("href") for a in waiting}
    for link in waiting:
        listed = lxml.html.fromstring(chief.page(link.get("href"))).xpath("(//main//tbody)[1]/tr")
        assert len(listed) == min(int(link.text), PAGE), link.get("href")
    chief.post(f"{bulletin}/drop", form=bulletin, note="本月不印发")
    assert "没有待印发的通报" in chief.page("/bulletins?state=draft")
    assert bulletin in chief.page("/bulletins")


def test_a_past_day_stays_on_the_way_to_a_unit_and_back(chief: Visit) -> None:
    board = lxml.html.fromstring(chief.page(f"/dashboard?day={BEFORE}"))
    (unit, *_) = board.xpath('//section[@aria-labelledby="by-unit"]//td[1]//a/@href')
    assert unit.endswith(f"?day={BEFORE}")
    page = chief.page(unit)
    assert f"是{spelled(BEFORE)}24时系统已知的情况" in page
    tree = lxml.html.fromstring(page)
    numbers = tree.xpath('//section[@aria-labelledby="lights"]//a[starts-with(@href, "/owed")]')
    assert numbers
    assert all(f"day={BEFORE}" in link.get("href") for link in numbers)
    (overdue,) = tree.xpath('//div[dt/a[contains(@href, "which=overdue")]]/dd')
    (listed,) = tree.xpath('//dt/a[contains(@href, "which=overdue")]/@href')
    assert int(overdue.text.split()[0]) == total(chief.page(listed))


def test_a_day_to_come_is_no_day_of_a_unit(chief: Visit) -> None:
    assert "历史时点不能晚于今天，以下是今天的情况。" in chief.page("/units/31?day=2031-01-01")


def test_the_head_names_the_notice_that_is_counted(chief: Visit) -> None:
    assert "，只统计省商务厅自贸办统筹的3件通知" in chief.page("/dashboard")
    assert "统筹的3件通知，只列：第八批" in chief.page("/dashboard?notice=yfh-2023-59")


def test_every_list_stands_in_one_group_of_the_choice() -> None:
    grouped = [which for _, own in GROUPS for which in own]
    assert sorted(grouped) == sorted(listing.LISTS)


def test_a_year_without_holidays_is_said(chief: Visit) -> None:
    assert "2027年放假安排未公布" in chief.page("/")
