"""What a notice asks for when its following begins."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import EIGHTH, OFFICE, calendar_of, tracking_of, unit
from tracker.db import db
from tracker.notices.models import Duty, Notice
from tracker.tasks.models import Calendar, Tracking
from tracker.tasks.scheduling import start, track

TODAY = date(2026, 11, 23)


def notice(asks: str, *, issued_on: date | None = None, doc_no: str = "") -> Notice:
    made = Notice(
        slug="trial",
        title="试",
        short_title="试",
        doc_no=doc_no,
        issued_on=issued_on,
        level="province",
        office_id=unit(OFFICE).id,
        confirmed_on=TODAY,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(Duty(notice_id=made.id, position=1, who="各单位", what=asks, words=asks))
    db.session.flush()
    return made


def tracked(made: Notice) -> Tracking:
    track(made, starts_on=TODAY)
    return db.session.get_one(Tracking, made.id)


@pytest.mark.parametrize(
    ("asks", "plan", "stocktaking"),
    [("制订工作方案", True, False), ("梳理工作情况", False, True), ("宣传解读", False, False)],
)
def test_a_fresh_notice_asks_for_what_it_prints(
    ground: Flask, asks: str, plan: bool, stocktaking: bool
) -> None:
    tracking = tracked(notice(asks, issued_on=date(2026, 11, 2)))
    assert (tracking.asks_plan, tracking.asks_stocktaking) == (plan, stocktaking)


def test_a_notice_issued_more_than_a_year_earlier_asks_for_no_plan(ground: Flask) -> None:
    assert tracked(notice("工作方案", issued_on=date(2025, 11, 23))).asks_plan
    assert tracking_of(EIGHTH).asks_plan is False


def test_a_notice_a_year_and_a_day_old_is_old(ground: Flask) -> None:
    assert not tracked(notice("工作方案", issued_on=date(2025, 11, 22))).asks_plan


@pytest.mark.parametrize(
    ("doc_no", "asks"), [("粤办函〔2019〕376号", False), ("粤府函〔2026〕9号", True)]
)
def test_without_a_printed_day_the_year_of_the_number_decides(
    ground: Flask, doc_no: str, asks: bool
) -> None:
    assert tracked(notice("工作方案", doc_no=doc_no)).asks_plan is asks


def test_tracking_starts_on_the_day_the_notice_is_confirmed(ground: Flask) -> None:
    assert tracking_of(EIGHTH).starts_on == TODAY


def test_leads_report_quarterly_and_cities_half_yearly_by_default(ground: Flask) -> None:
    lead, local = calendar_of(EIGHTH, "lead"), calendar_of(EIGHTH, "local")
    assert (lead.cadence, lead.due_workdays) == ("quarter", 10)
    assert (local.cadence, local.due_workdays) == ("half", 10)


def test_a_calendar_remembers_that_the_office_set_it_and_the_words_it_rests_on(
    ground: Flask,
) -> None:
    calendar = calendar_of(EIGHTH, "lead")
    assert calendar.origin == "office"
    assert calendar.words == "定期将工作进展情况报送"


def test_following_a_notice_twice_changes_nothing(ground: Flask) -> None:
    made = notice("工作方案", issued_on=TODAY)
    track(made, starts_on=TODAY)
    track(made, starts_on=date(2027, 1, 1))
    assert db.session.get_one(Tracking, made.id).starts_on == TODAY


def test_the_office_sets_the_day_tracking_starts_and_the_calendars_go_with_it(
    ground: Flask,
) -> None:
    start(tracking_of(EIGHTH), on=date(2026, 1, 1))
    notice_id = tracking_of(EIGHTH).notice_id
    days = db.session.scalars(select(Calendar.applies_from).where(Calendar.notice_id == notice_id))
    assert set(days) == {date(2026, 1, 1)}
