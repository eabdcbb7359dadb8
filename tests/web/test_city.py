"""A city: what applies and why, what it owes, and itself beside the middle of the others."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import lxml.html
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests.cast import EIGHTH, tasks_of
from tests.web.conftest import Visit
from tests.web.overseen import TODAY, story
from tracker.db import db
from tracker.papers import checklist
from tracker.supervision.stages import Stand, Stands, middle
from tracker.tasks import moving
from tracker.tasks.states import EXCUSE
from tracker.web.desk.applying import Applies

LOCAL = "广州市人民政府"


@pytest.fixture
def told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TRACKER_NOW", f"{TODAY}T10:00")
    story(site)
    return site


@pytest.fixture
def officer(told: Flask, signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("guangzhou1")


def measure_of(told: Flask, unit: str) -> int:
    with told.app_context():
        return tasks_of(unit, EIGHTH)[0].measure_id


def section(page: str, name: str) -> str:
    found = lxml.html.fromstring(page).xpath(f'//section[@aria-labelledby="{name}"]')
    return found[0].text_content() if found else ""


def test_each_measure_says_the_words_by_which_it_comes_to_the_city(officer: Visit) -> None:
    local = section(officer.page(f"/cities/4401?notice={EIGHTH}"), "local")
    assert "“全省范围”" in local
    assert "深圳市已复制推广" in local
    assert "省税务局" in local


def test_what_is_done_already_is_said_with_the_words_of_the_notice(officer: Visit) -> None:
    done = section(officer.page("/cities/4403"), "done")
    assert done.count("深圳市已复制推广") == 5
    assert "通知写明" in done


def test_a_city_sees_itself_and_the_median_and_no_other_city(
    officer: Visit, signed_in: Callable[[str], Visit]
) -> None:
    own = officer.page("/cities/4401")
    assert "其他地市中位数" in section(own, "beside")
    assert "2027年1月15日" in section(own, "owed")
    for page in (officer.page("/cities/4403"), signed_in("shuiwu1").page("/cities/4401")):
        assert not section(page, "beside")
        assert not section(page, "owed")


def test_who_follows_or_leads_a_measure_sees_its_cities_by_name_and_a_city_counts_and_a_median(
    told: Flask, officer: Visit, signed_in: Callable[[str], Visit]
) -> None:
    url = f"/measures/{measure_of(told, LOCAL)}"
    for account, named in (("ziyou1", 21), ("shuiwu1", 21), ("fagai1", 0), ("haishi1", 0)):
        page = signed_in(account).page(url)
        assert lights(page) == named, account
        assert ("示意图，非地图" in page) == (account == "ziyou1")
        assert bool(section(page, "among")) == (not named)
    page = officer.page(url)
    assert lights(page) == 1
    assert "佛山" not in section(page, "tasks") + section(page, "among")
    assert "其他地市20个" in section(page, "among")


def test_every_tile_names_its_city_and_one_without_a_task_says_why(
    told: Flask, signed_in: Callable[[str], Visit]
) -> None:
    office = signed_in("ziyou1")
    for city, where, tile in (
        ("4403", "done", "深圳已复制推广"),
        ("4418", "left-out", "清远范围外"),
    ):
        rows = lxml.html.fromstring(office.page(f"/cities/{city}")).xpath(
            f'//section[@aria-labelledby="{where}"]//tr[not(contains(., "待指定"))]'
        )
        page = lxml.html.fromstring(office.page(rows[-1].xpath("string(td[1]//a/@href)")))
        tiles = [one.text_content() for one in page.xpath('//li[starts-with(@class, "tile ")]')]
        assert len(tiles) == 21
        assert tile in tiles
        assert not [one for one in tiles if "—" in one]


def lights(page: str) -> int:
    """How many rows of cities carry a light."""
    rows = lxml.html.fromstring(page).xpath('//section[@aria-labelledby="tasks"]//tbody/tr')
    local = [row for row in rows if "属地" in row.text_content()]
    return sum(bool(row.xpath('.//*[contains(@class, "light")]')) for row in local)


def test_the_checklist_holds_every_local_task_on_paper_and_in_excel(officer: Visit) -> None:
    page = lxml.html.fromstring(officer.page("/cities/4401/checklist"))
    data = officer.get("/cities/4401/checklist.xlsx").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("对照检查清单").to_python()[3:]
    assert len(rows) == len(page.xpath("//tbody/tr")) == 130
    assert rows[0][2] == page.xpath("string(//tbody/tr[1]/td[2]//text()[1])").strip()
    assert len(book.get_sheet_by_name("不需要本市推广").to_python()) > 3


@pytest.mark.parametrize("account", ["guangzhou1", "ziyou1"])
def test_the_head_of_the_checklist_sums_what_its_rows_say_is_overdue_on_paper_and_in_excel(
    told: Flask, signed_in: Callable[[str], Visit], account: str
) -> None:
    """Who follows the city's tasks reads it; to the others nothing is told of days."""
    visit = signed_in(account)
    page = lxml.html.fromstring(visit.page("/cities/4401/checklist"))
    late = [int(one[2:-1]) for one in page.xpath('//td//*[contains(@class, "late")]/text()')]
    head = f"逾期{sum(late)}项（"
    assert late
    assert head in page.xpath('string(//div[starts-with(@class, "head ")])')
    data = visit.get("/cities/4401/checklist.xlsx").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert head in book[1][0]
    assert sum(row[8] for row in book[3:] if row[8] != "") == sum(late)
    stranger = signed_in("haishi1").page("/cities/4401/checklist")
    assert "逾期" not in lxml.html.fromstring(stranger).xpath("string(//main)")


def test_what_all_measures_of_a_notice_have_in_common_is_said_once(officer: Visit) -> None:
    for url in ("/cities/4401?notice=ybh-2019-376", "/cities/4401/checklist"):
        page = officer.page(url)
        assert page.count("清单没有范围一栏，通知正文写明“我省决定全面开展”") == 1, url
    varied = officer.page(f"/cities/4401?notice={EIGHTH}")
    assert "适用依据</th>" in varied
    assert "方式均为复制推广" in varied


def test_a_long_page_is_entered_at_each_of_its_parts(officer: Visit) -> None:
    for url in ("/cities/4401?notice=ybh-2019-376", "/cities/4403", "/cities/4401/checklist"):
        page = lxml.html.fromstring(officer.page(url))
        jumps = page.xpath('//nav[contains(@class, "jumps")]/a/@href')
        assert len(jumps) > 1
        assert all(page.xpath(f'//*[@id="{jump[1:]}"]') for jump in jumps), url


def test_what_looks_like_a_formula_stays_text_in_excel_and_a_day_is_a_day() -> None:
    title = '=HYPERLINK("http://x","点")'
    task = SimpleNamespace(short_title="+1", no="1", title=title, adoption="复制推广")
    stand = Stand(stage="landed", awaited_by=date(2027, 1, 14))
    told = {"ground": "@全省", "leads": [], "word": stand.word, "overdue": stand.overdue}
    row = SimpleNamespace(task=task, stand=stand, follows=True, **told)
    rest = {"said": "共1项", "done": [], "left_out": []}
    data = checklist.workbook("广州市", date(2026, 11, 24), rows=[row], **rest)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name)]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert sheet[3][2] == title
    assert sheet[3][7] == date(2027, 1, 14)


def test_a_waived_measure_is_not_called_unreported(told: Flask) -> None:
    with told.app_context():
        task = tasks_of(LOCAL, EIGHTH)[0]
        row = Applies(task=task, leads=[], stand=Stand(), follows=True, told=Stands())
        assert row.word == "尚未报送"
        moving.move_tasks([task], EXCUSE)
        assert row.word == "免报"
        db.session.rollback()


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], None), ([None], None), ([3, 1, 2], 2), ([1, 2, None], 2), ([0, 0, 9], 0)],
)
def test_the_median_is_of_what_is_known(numbers: list[int | None], expected: int | None) -> None:
    assert middle(numbers) == expected
