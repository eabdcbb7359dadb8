"""Reporting calendars and holidays: tried out, saved by who may, and what they move."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import EIGHTH, WORKDAYS, calendar_of, open_on, tracking_of
from tests.web.conftest import Visit
from tests.web.filed import filed, opened
from tests.web.test_people import logged
from tracker.clock import today
from tracker.db import db, writing
from tracker.registry.models import HolidayYear
from tracker.reports.models import Report
from tracker.tasks.models import Move, Obligation
from tracker.tasks.states import DUE, PLAN, RESCHEDULE

SignIn = Callable[[str], Visit]
ADDRESS = f"/notices/{EIGHTH}/calendar"
HOLIDAYS = "\n".join(f"2027-01-{day:02d} 休" for day in (1, 4, 5, 6, 7, 8, 11))


@pytest.fixture
def chief(site: Flask, signed_in: SignIn) -> Visit:
    opened(site)
    return signed_in("ziyou2")


def set_calendar(visit: Visit, action: str = "save", **typed: str):
    sent = {"starts_on": "2026-07-01", "action": action, "version": version(visit)}
    sent |= {"plan_workdays": "30", "review_workdays": "5"}
    for role, cadence in (("lead", "quarter"), ("local", "half")):
        sent |= {
            f"{role}-cadence": cadence,
            f"{role}-due_workdays": "10",
            f"{role}-origin": "office",
            f"{role}-words": "",
        }
    return visit.post(ADDRESS, **(sent | typed))


def version(visit: Visit) -> str:
    page = visit.page(ADDRESS)
    return page.partition('name="version" value="')[2].partition('"')[0]


def moved(site: Flask) -> int:
    with site.app_context():
        query = select(func.count()).select_from(Move).where(Move.event == RESCHEDULE)
        return db.session.scalar(query) or 0


def test_the_page_shows_the_next_four_periods_and_says_what_is_not_published(
    chief: Visit,
) -> None:
    page = chief.page(ADDRESS)
    assert "牵头单位今后四期" in page
    assert "2027年第3季度" in page
    assert "该年度放假安排未公布，暂按周末和日期固定的法定节假日推算" in page


def test_a_preview_shows_what_is_typed_and_saves_nothing(site: Flask, chief: Visit) -> None:
    page = set_calendar(chief, "preview", **{"lead-due_workdays": "15"}).text
    assert "预览，尚未保存" in page
    assert "2027年1月22日" in page
    assert "项尚未填报的应报事项将改日期" in page
    assert moved(site) == 0
    with site.app_context():
        assert calendar_of(EIGHTH, "lead").due_workdays == 10


def test_saving_moves_as_many_days_as_the_preview_said(site: Flask, chief: Visit) -> None:
    page = set_calendar(chief, "preview", **{"lead-due_workdays": "15"}).text
    said = int(page.partition("保存后，<strong>")[2].partition("<")[0])
    assert said > 0
    assert set_calendar(chief, **{"lead-due_workdays": "15"}).status_code == 302
    assert moved(site) == said
    with site.app_context():
        days = db.session.scalars(
            select(Obligation.due_on)
            .where(Obligation.role == "lead", Obligation.period == "2026-Q4")
            .distinct()
        ).all()
        assert {day.isoformat() for day in days} >= {"2027-01-22"}


def test_the_origin_is_kept_with_the_quoted_words(site: Flask, chief: Visit) -> None:
    set_calendar(chief, **{"lead-origin": "notice", "lead-words": "定期报送进展"})
    with site.app_context():
        calendar = calendar_of(EIGHTH, "lead")
        assert (calendar.origin, calendar.words) == ("notice", "定期报送进展")


def test_plans_are_switched_on(site: Flask, chief: Visit) -> None:
    set_calendar(chief, plan="1")
    with site.app_context():
        assert tracking_of(EIGHTH).asks_plan


def asks_plans(site: Flask, chief: Visit) -> None:
    set_calendar(chief, plan="1", starts_on=today().isoformat())
    with site.app_context(), writing():
        open_on(today())
        db.session.commit()


def test_the_workdays_for_a_plan_move_the_plans_nobody_has_begun(site: Flask, chief: Visit) -> None:
    asks_plans(site, chief)
    typed = {"plan": "1", "plan_workdays": "40", "starts_on": today().isoformat()}
    page = set_calendar(chief, "preview", **typed).text
    said = int(page.partition("保存后，<strong>")[2].partition("<")[0])
    assert said == len(plans(site))
    assert set_calendar(chief, **typed).status_code == 302
    assert moved(site) == said
    assert set(plans(site)) == {WORKDAYS.after(today(), 40)}


def plans(site: Flask) -> list[date]:
    with site.app_context():
        days = select(Obligation.due_on).where(Obligation.kind == PLAN, Obligation.status == DUE)
        return list(db.session.scalars(days))


def test_the_workdays_for_a_review_count_for_what_is_filed_from_then_on(
    site: Flask, chief: Visit
) -> None:
    assert "于" in set_calendar(chief, "preview", review_workdays="8").text
    set_calendar(chief, review_workdays="8")
    report_id = filed(site, day=today())[0]
    with site.app_context():
        report = db.session.get_one(Report, report_id)
        assert report.review_by == WORKDAYS.after(today(), 8)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts_on": ""}, "请填写开始跟踪的日期"),
        ({"starts_on": "昨天"}, "请填写开始跟踪的日期"),
        ({"plan_workdays": ""}, "请填写1到250之间的整数"),
        ({"plan_workdays": "251"}, "请填写1到250之间的整数"),
        ({"review_workdays": "0"}, "请填写1到250之间的整数"),
        ({"review_workdays": "五"}, "请填写1到250之间的整数"),
        ({"lead-cadence": "week"}, "请选择报送周期"),
        ({"lead-due_workdays": "0"}, "请填写1到60之间的整数"),
        ({"lead-due_workdays": "９"}, "请填写1到60之间的整数"),
        ({"local-due_workdays": "9" * 30}, "请填写1到60之间的整数"),
        ({"lead-origin": "x"}, "请选择依据"),
        ({"lead-origin": "notice"}, "请写明原文用语"),
        ({"lead-words": "长" * 81}, "最多80字"),
        ({"lead-words": "坏\x07"}, "控制字符"),
    ],
)
def test_a_wrong_calendar_is_told_beside_the_field_and_not_saved(
    site: Flask, chief: Visit, typed: dict[str, str], sentence: str
) -> None:
    response = set_calendar(chief, **typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert moved(site) == 0


def test_the_second_of_two_who_save_is_told(site: Flask, chief: Visit) -> None:
    before = version(chief)
    set_calendar(chief, **{"lead-due_workdays": "12"})
    told = set_calendar(chief, version=before)
    assert told.status_code == 409
    assert "有人改过这份日历" in told.text
    with site.app_context():
        assert calendar_of(EIGHTH, "lead").due_workdays == 12


def test_only_the_chief_of_the_notices_own_office_sets_it(chief: Visit, signed_in: SignIn) -> None:
    for account in ("ziyou1", "fagai2", "shuiwu1", "lingdao1"):
        visit = signed_in(account)
        assert "保存" not in visit.page(ADDRESS)
        assert visit.post(ADDRESS, starts_on="2026-07-01").status_code == 404


def test_a_notice_without_an_office_says_who_must_set_one(reviewer: Visit) -> None:
    assert "由统筹单位负责人纳入跟踪后" in reviewer.page("/notices/qianhai-6/calendar")


def test_the_log_says_which_notice_was_taken_up_and_from_when(site: Flask, chief: Visit) -> None:
    url, typed = "/notices/qianhai-6/follow", {"starts_on": "2027-01-01", "source": "会议纪要。"}
    assert chief.post(url, form=url, action="preview", **typed).status_code == 200
    assert logged(site, "follow notice") == []
    assert chief.post(url, form=url, action="save", **typed).status_code == 302
    (entry,) = logged(site, "follow notice")
    assert entry.subject == "前海第六批，自2027年1月1日起"


def test_who_took_a_notice_up_stops_it_after_seeing_what_ends(
    site: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2026-07-02T10:00")
    chief, city = signed_in("ziyou2"), signed_in("guangzhou1")
    url, page = "/notices/gh-2020-96/follow", "/notices/gh-2020-96"
    typed = {"starts_on": "2026-07-01", "source": "会议纪要。", "with_cities": "1"}
    assert chief.post(url, form=url, action="save", **typed).status_code == 302
    assert f'href="{page}/stop"' in chief.page(page)
    assert all(
        signed_in(one).get(f"{page}/stop").status_code == 404 for one in ("ziyou1", "fagai2")
    )
    preview = chief.page(f"{page}/stop").partition('id="ending"')[2]
    number = sum(int(one) for one in re.findall(r">(\d+)项<", preview))
    refused = chief.post(f"{page}/stop", form=f"{page}/stop", source="")
    assert (refused.status_code, "请写明依据。" in refused.text) == (422, True)
    done = chief.post(f"{page}/stop", form=f"{page}/stop", source="纳入有误。")
    assert done.status_code == 302
    after = chief.page(page)
    assert f"已停止跟踪，{number}项应报事项不再报送。" in after
    assert "依据：纳入有误。" in after
    assert f'href="{page}/stop"' not in after
    assert f'href="{url}"' in after
    assert chief.get(f"{page}/stop").status_code == 404
    assert "停止跟踪，不再报送" in city.page("/messages")
    (entry,) = logged(site, "stop following")
    assert entry.detail == {"ended": number}


def keep(visit: Visit, **typed: object):
    """A file is given as (bytes, name): each post opens it anew."""
    sent: dict[str, object] = {"year": "2027", "source": "国办发明电", "days": HOLIDAYS}
    opened = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in (sent | typed).items()
    }
    return visit.post("/holidays", **opened)


def test_a_year_that_becomes_known_moves_the_days_to_come(site: Flask, chief: Visit) -> None:
    assert keep(chief).status_code == 302
    page = chief.page("/holidays")
    assert "已保存2027年放假安排" in page
    assert "已录入" in page
    assert moved(site) > 0


def test_a_file_is_read_as_well_as_what_is_pasted(site: Flask, chief: Visit) -> None:
    csv = HOLIDAYS.replace(" ", ",").encode("gb18030")
    assert keep(chief, days="", file=(csv, "2027.csv")).status_code == 302
    with site.app_context():
        assert len(db.session.get_one(HolidayYear, 2027).free) == 7


def test_every_wrong_line_is_named_and_nothing_is_kept(site: Flask, chief: Visit) -> None:
    wrong = "2027-02-30 休\n2026-10-01 休\n2027-03-01\n2027-03-02 班\n你好\n2027-01-01 班"
    response = keep(chief, days=f"{HOLIDAYS}\n{wrong}")
    assert response.status_code == 422
    for number in range(8, 14):
        assert f"第{number}行" in response.text
    with site.app_context():
        assert db.session.get(HolidayYear, 2027) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "二〇二七"}, "请填写2004到2099之间的年份"),
        ({"year": "9999"}, "请填写2004到2099之间的年份"),
        ({"source": ""}, "请写明依据"),
        ({"source": "长" * 201}, "最多200字"),
        ({"days": ""}, "请粘贴放假安排"),
        ({"days": "2027-01-01 休"}, "请核对是否完整"),
        ({"days": "2027-01-01 休\n" * 500}, "最多400行"),
        ({"file": (b"\xff\xfe\x00\xff", "a.csv")}, "不是文本或 CSV"),
    ],
)
def test_a_wrong_year_is_told_beside_the_field(
    site: Flask, chief: Visit, typed: dict[str, object], sentence: str
) -> None:
    response = keep(chief, **typed)
    assert response.status_code == 422
    assert sentence in response.text
    with site.app_context():
        assert db.session.get(HolidayYear, 2027) is None
