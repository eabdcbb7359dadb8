"""Digests, timetable and settings on their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from tests.cast import (
    BODY,
    EIGHTH,
    STARTED,
    TAX,
    follow_from,
    open_on,
    owed,
    tasks_of,
)
from tests.web.conftest import Visit
from tests.web.filed import file
from tracker.clock import now
from tracker.db import db, writing
from tracker.jobs import timetable
from tracker.registry.models import Setting
from tracker.registry.settings import in_force
from tracker.supervision.models import Digest, JobRun

MONDAY = date(2026, 4, 20)
SETTINGS = "/supervision-settings"
SEEN = re.compile(r'name="seen"[^>]*value="([^"]+)"')
COUNT = re.compile(r"<dt>(.*?)</dt><dd>([\d,]+)")
TAG = re.compile(r"<[^>]+>")
IN_TABLE = re.compile(r'href="(/digests/\d+/(?:counted|overdue)[^"]*)"[^>]*>([\d,]+)<')
IN_BULLETIN = re.compile(r'href="(/bulletins/\d+/counted/\w+)">(\w+)</a></dt><dd>([\d,]+)')
OF_OFFICE = (
    "notice_id IN (SELECT id FROM notice WHERE office_id ="
    " (SELECT id FROM unit WHERE name = '省商务厅自贸办'))"
)
TAXES, WEEK = ("shuiwu1", "shuiwu2"), timedelta(days=7)
FOLLOWED, DUE = date(2026, 10, 1), date(2027, 1, 14)
LINK = re.compile(r'href="([^"]+)"')
FIELD = re.compile(r'<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"')

SignedIn = Callable[[str], Visit]


@pytest.fixture
def told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The first quarter went by without a report; one Monday morning everybody was told."""
    monkeypatch.setenv("TRACKER_NOW", "2026-04-20T09:30")
    with site.app_context():
        with writing():
            follow_from(STARTED)
            open_on(STARTED)
            db.session.commit()
        for job in ("remind-units", "summarise-offices", "draft-bulletin", "draft-situation"):
            timetable.by_hand(job, MONDAY, now())
        db.session.remove()
    return site


def digest_id(site: Flask, kind: str, name: str) -> int:
    with site.app_context():
        query = db.session.query(Digest).filter_by(kind=kind).join(Digest.recipient)
        return query.filter_by(name=name).one().id


def test_every_number_of_the_offices_summary_opens_the_list_it_counts(
    told: Flask, signed_in: SignedIn
) -> None:
    visit = signed_in("ziyou1")
    page = visit.page(f"/digests/{digest_id(told, 'office-digest', '省商务厅自贸办')}")
    links = re.findall(r'href="(/digests/\d+/(?:overdue|newly)\?unit=\d+)">(\d+)<', page)
    assert len(links) > 10
    for url, number in links[:6]:
        assert f"逾期{number}项" in visit.page(url)


@pytest.fixture
def drafts(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Of the last quarter's reports, due in January, two came: one on time, one late."""
    monkeypatch.setenv("TRACKER_NOW", "2027-04-20T09:30")
    with site.app_context():
        with writing():
            follow_from(FOLLOWED)
            open_on(FOLLOWED)
            for task, day in zip(tasks_of(TAX, EIGHTH), (DUE, DUE + 2 * WEEK), strict=False):
                file(owed(task, period="2026-Q4"), BODY, people=TAXES, day=day)
            db.session.commit()
        timetable.by_hand("draft-bulletin", date(2027, 2, 1), now())
        timetable.by_hand("draft-situation", date(2027, 4, 1), now())
        db.session.remove()
    return site


@pytest.mark.parametrize("kind", ["bulletin", "situation"])
def test_every_number_of_a_draft_opens_the_list_it_counts(
    drafts: Flask, signed_in: SignedIn, kind: str
) -> None:
    visit = signed_in("ziyou1")
    page = visit.page(f"/digests/{digest_id(drafts, kind, '省商务厅自贸办')}")
    counts = [(LINK.search(word), number) for word, number in COUNT.findall(page)]
    opened = [(link[1], number) for link, number in counts if link] + IN_TABLE.findall(page)
    assert len(opened) >= 5
    assert all(link for link, number in counts if number != "0")
    for url, number in opened:
        listed = visit.page(url.replace("&amp;", "&"))
        assert re.search(rf"<h1>.*?{number.replace(',', '')}项", listed), url


def test_a_draft_says_what_raw_rows_say(drafts: Flask, signed_in: SignedIn) -> None:
    due = f"due_on < '2027-04-01' AND status <> 'unassigned' AND {OF_OFFICE}"
    asked = {
        "2027年第一季度到期应报": f"SELECT count(*) FROM obligation WHERE {due}",
        "各报告期累计逾期": "SELECT count(*) FROM obligation"
        f" WHERE awaited_by < '2027-04-01' AND {OF_OFFICE}",
        "任务": f"SELECT count(*) FROM task WHERE state IN ('open', 'closed') AND {OF_OFFICE}",
    }
    with drafts.app_context():
        wanted = {word: db.session.scalar(text(query)) for word, query in asked.items()}
    page = signed_in("ziyou1").page(f"/digests/{digest_id(drafts, 'situation', '省商务厅自贸办')}")
    said = {TAG.sub("", word): number.replace(",", "") for word, number in COUNT.findall(page)}
    assert {word: int(said[word]) for word in wanted} == wanted
    parts = [int(said[word]) for word in ("按时报送", "逾期报送", "逾期未报")]
    assert parts[:2] == [1, 1]
    assert sum(parts) == wanted["2027年第一季度到期应报"] > 100


def test_the_drafts_page_leads_to_the_bulletin_and_its_numbers_to_their_lists(
    drafts: Flask, signed_in: SignedIn
) -> None:
    visit = signed_in("ziyou1")
    digest = visit.page(f"/digests/{digest_id(drafts, 'bulletin', '省商务厅自贸办')}")
    bulletin = re.search(r'href="(/bulletins/\d+)"', digest)
    assert bulletin
    assert "到期、逾期未报" in digest
    assert re.search(
        r"<title>\d+年\d+月通报稿：(\d+月到期应报\d+项，.*)?各报告期累计逾期\d+项", digest
    )
    page = visit.page(bulletin[1])
    opened = IN_BULLETIN.findall(page)
    assert {word for _, word, _ in opened} >= {"已到期的应报事项", "逾期未报", "推广任务"}
    for url, word, number in opened:
        listed = visit.page(url)
        assert f"{word}<span" in listed
        assert f"{number.replace(',', '')}项</span>" in listed, url
        if word != "已报送":
            assert re.search(f"{word}共?{number.replace(',', '')}项", page)
    assert signed_in("fagai1").get(opened[0][0]).status_code == 404


def test_all_kinds_are_listed_and_open(told: Flask, signed_in: SignedIn) -> None:
    visit = signed_in("ziyou1")
    listed = re.findall(r'href="(/digests/\d+)"', visit.page("/digests"))
    assert len(listed) == 3
    for url in listed:
        visit.page(url)
    assert "逾期汇总" in visit.page("/digests?kind=office-digest")


def test_a_unit_sees_its_own_and_nobody_elses(told: Flask, signed_in: SignedIn) -> None:
    own = digest_id(told, "unit-digest", "省税务局")
    others = digest_id(told, "unit-digest", "广东海事局")
    visit = signed_in("shuiwu1")
    assert "省税务局" in visit.page(f"/digests/{own}")
    assert visit.get(f"/digests/{own}/list.xlsx").data[:2] == b"PK"
    for url in (f"/digests/{others}", f"/digests/{others}/overdue", f"/digests/{own}/newly"):
        assert visit.get(url).status_code == 404, url


def test_the_timetable_tells_last_and_next_and_takes_an_order(
    told: Flask, signed_in: SignedIn
) -> None:
    visit = signed_in("xitong1")
    page = visit.page("/timetable")
    assert "定时服务没有运行" in page
    assert "汇总2份" in page
    assert "2026年4月27日 08:40" in page
    visit.post("/timetable/check-tally/run", form="/timetable")
    with told.app_context():
        assert db.session.query(JobRun).filter_by(job="check-tally").one().state == "asked"
    assert "等待办理" in visit.page("/timetable")


def test_a_changed_time_and_threshold_are_in_force(told: Flask, signed_in: SignedIn) -> None:
    visit = signed_in("ziyou2")
    typed = fields(visit)
    typed |= {"reminder_workdays": "3", "remind_units": "09:45"}
    assert visit.post(SETTINGS, form=SETTINGS, **typed).status_code == 302
    with told.app_context():
        assert in_force().reminder_workdays == 3
        assert f"{in_force().times['remind-units']:%H:%M}" == "09:45"
    assert "调整督办设置" in signed_in("shenji1").page("/log")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("reminder_workdays", "0", "请填写1至30之间的整数。"),
        ("urge_workdays", "两", "请填写1至60之间的整数。"),
        ("remind_units", "8点半", "请填写时刻，格式如 08:30。"),
        ("weight_landed", "30", "各项权重之和应为100，现为110。"),
        ("mark", "演示〔2026〕", "请只填写汉字或字母"),
    ],
)
def test_a_wrong_setting_is_named_beside_its_field(
    told: Flask, signed_in: SignedIn, name: str, value: str, sentence: str
) -> None:
    visit = signed_in("ziyou2")
    response = visit.post(SETTINGS, form=SETTINGS, **(fields(visit) | {name: value}))
    assert response.status_code == 422
    assert sentence in response.text
    with told.app_context():
        assert db.session.query(JobRun).count() == 4


def test_an_office_sets_the_mark_of_its_own_papers(told: Flask, signed_in: SignedIn) -> None:
    own, other = signed_in("ziyou2"), signed_in("fagai2")
    typed = fields(own) | {"mark": "演示"}
    assert own.post(SETTINGS, form=SETTINGS, **typed).status_code == 302
    assert fields(own)["mark"] == "演示"
    assert fields(other).get("mark", "") == ""
    assert "省发展改革委催办〔2026〕1号" in other.page(SETTINGS)
    with told.app_context():
        assert db.session.query(Setting).filter_by(value="演示").count() == 1


def test_two_chiefs_at_once_see_each_other(told: Flask, signed_in: SignedIn) -> None:
    visit = signed_in("ziyou2")
    typed = fields(visit)
    visit.post(SETTINGS, form=SETTINGS, **(typed | {"urge_workdays": "7"}))
    late = visit.post(SETTINGS, form=SETTINGS, **(typed | {"urge_workdays": "9"}))
    assert late.status_code == 409
    assert "现存逾期几个工作日后建议催办：7" in late.text


def fields(visit: Visit) -> dict[str, str]:
    """The form as it stands, as a browser would send it."""
    found = dict(FIELD.findall(visit.page(SETTINGS)))
    found.pop("csrf_token", None)
    return found | {"seen": SEEN.search(visit.page(SETTINGS))[1]}
