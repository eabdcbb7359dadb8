"""Who follows a unit: its own people, the office and its leaders are told how it keeps its days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lxml.html
import pytest
from flask import Flask

from tests.cast import BODY, CITY, EIGHTH, TAX, owed, task_of, tasks_of, unit
from tests.web.conftest import MISPLACED, Visit
from tests.web.filed import file, opened
from tests.web.test_reviewing import accept
from tests.web.urged import proposed, send
from tracker.clock import today
from tracker.db import db, writing

SignIn = Callable[[str], Visit]
FOLLOWERS = ("shuiwu1", "shuiwu2", "ziyou1", "ziyou2", "lingdao1")
# Follows the same units, for its own notices.
ANOTHER_OFFICE = "fagai1"
OTHERS = ("haishi1", "guangzhou1", "guangzhou2", ANOTHER_OFFICE, MISPLACED)
KEPT = ("催办单", "2026年10月", "交办任务", "产生应报事项")


@dataclass(frozen=True, kw_only=True)
class Late:
    """The pages on which 省税务局 is late by two quarters, and was urged."""

    task: str
    measure: str
    unit: str


@pytest.fixture
def late(site: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Late:
    monkeypatch.setenv("TRACKER_NOW", "2027-02-01T10:00")
    send(signed_in("ziyou2"), site, proposed(site))
    with site.app_context():
        task = tasks_of(TAX, EIGHTH)[0]
        return Late(
            task=f"/tasks/{task.id}",
            measure=f"/measures/{task.measure_id}",
            unit=f"/units/{unit(TAX).id}",
        )


def said(page: str) -> str:
    return str(lxml.html.fromstring(page).xpath("string(//main)"))


def row_of(page: str) -> str:
    """What stands beside 省税务局 in a table."""
    rows = lxml.html.fromstring(page).xpath("//tr")
    return next(row.text_content() for row in rows if TAX in row.text_content())


def test_its_own_people_the_office_and_its_leader_see_how_a_task_went(
    late: Late, signed_in: SignIn
) -> None:
    pages = {account: said(signed_in(account).page(late.task)) for account in FOLLOWERS}
    missing = {(who, word) for who, page in pages.items() for word in KEPT if word not in page}
    assert not missing


def test_whoever_else_opens_a_task_sees_its_stage_and_light_and_nothing_more(
    late: Late, signed_in: SignIn
) -> None:
    pages = {account: said(signed_in(account).page(late.task)) for account in OTHERS}
    assert all("尚未报送" in page and "逾期" in page for page in pages.values())
    assert not {(who, word) for who, page in pages.items() for word in KEPT if word in page}


def test_a_units_page_counts_its_arrears_for_those_who_follow_it_and_for_nobody_else(
    late: Late, signed_in: SignIn
) -> None:
    pages = {who: said(signed_in(who).page(late.unit)) for who in (*FOLLOWERS, *OTHERS)}
    assert all("多缴退税" in page for page in pages.values())
    told = {who for who, page in pages.items() if "报送情况" in page}
    assert told == {*FOLLOWERS, ANOTHER_OFFICE}
    assert "只统计省发展改革委统筹的通知" in pages[ANOTHER_OFFICE]


def test_every_page_that_counts_says_in_the_same_words_whose_notices_it_counts(
    late: Late, signed_in: SignIn
) -> None:
    own, every = "只统计省商务厅自贸办统筹的", "统计全部通知"
    for account, words, urls in (
        ("ziyou2", own, ("/dashboard", "/dashboard/units", late.unit, "/cities/4401")),
        ("lingdao1", own, ("/", "/dashboard/matters", late.unit, "/cities/4401/checklist")),
        ("shuiwu1", every, ("/", late.unit)),
        ("guangzhou1", every, ("/", "/cities/4401", "/cities/4401/checklist")),
    ):
        for url in urls:
            assert words in said(signed_in(account).page(url)), (account, url)


@pytest.mark.parametrize(("account", "follows"), [("ziyou1", True), (ANOTHER_OFFICE, False)])
def test_how_much_of_a_task_is_late_and_since_when_stands_elsewhere_for_who_follows_it(
    late: Late, signed_in: SignIn, account: str, follows: bool
) -> None:
    visit = signed_in(account)
    for page in (visit.page(late.measure), visit.page(f"/cities/4401?notice={EIGHTH}")):
        row = row_of(page)
        assert "逾期" in row
        assert ("2项" in row) == follows
    assert ("2026年10月" in row_of(visit.page(late.measure))) == follows


def test_a_lead_reads_what_a_city_had_accepted_for_its_measure_and_no_more_of_its_task(
    site: Flask, signed_in: SignIn
) -> None:
    opened(site)
    with site.app_context(), writing():
        task = task_of(CITY)
        owing = owed(task, period="2026-H2")
        number = file(owing, BODY, people=("guangzhou1", "guangzhou2"), day=today()).id
        url = f"/tasks/{task.id}"
        db.session.commit()
    assert BODY.progress not in signed_in("shuiwu1").page(url)
    accept(signed_in("ziyou1"), number)
    page = said(signed_in("shuiwu1").page(url))
    assert BODY.progress in page
    assert "交办任务" not in page
    assert BODY.progress not in signed_in("haishi1").page(url)
