"""台账: what the page hands out, and that every number is what raw rows say, however narrowed."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html
import openpyxl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from tests.cast import OFFICE, unit
from tests.web.conftest import Visit
from tests.web.overseen import BEFORE, TODAY, asked_for, by_hand, story
from tests.web.test_dashboard import total
from tracker.clock import end_of
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.operations.exporting_supervision import overdue_rows
from tracker.papers import ledger
from tracker.papers.keeping import Keep, of_day
from tracker.registry.models import City
from tracker.registry.queries import workdays
from tracker.supervision import listing
from tracker.supervision.knowing import as_of
from tracker.supervision.ledger import entries
from tracker.supervision.sight import Sight
from tracker.tasks.models import Obligation
from tracker.tasks.picking import Picked

FILTERS = 200
DAYS = (TODAY, TODAY, BEFORE, date(2026, 12, 1), date(2027, 1, 12))


@pytest.fixture
def told(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TRACKER_NOW", f"{TODAY}T10:00")
    story(site)
    return site


def addresses(number: int) -> list[str]:
    """Random filters, as they stand in an address: the same in every run."""
    chance = random.Random(20270115)
    own = select(Notice.id).where(Notice.office_id == unit(OFFICE).id)
    owing = select(Obligation.unit_id).where(Obligation.notice_id.in_(own))
    units = list(db.session.scalars(owing.distinct().order_by(Obligation.unit_id)))
    offered: dict[str, list[Any]] = {
        "notice": list(db.session.scalars(select(Notice.slug).where(Notice.id.in_(own)))),
        "unit": units,
        "role": ["lead", "local"],
        "adoption": ["复制推广", "借鉴"],
        "city": list(db.session.scalars(select(City.code).order_by(City.id))),
        "period": ["2026-Q3", "2026-Q4", "2026-H2"],
    }
    found: dict[str, None] = {}
    while len(found) < number:
        names = chance.sample(list(offered), chance.choice((0, 1, 1, 2, 2, 3)))
        asked = {name: chance.choice(offered[name]) for name in names}
        day = {"day": day.isoformat()} if (day := chance.choice(DAYS)) != TODAY else {}
        found[f"/owed?{urlencode({'which': 'overdue', **asked, **day})}"] = None
    return list(found)


def sight_of(href: str) -> Sight:
    _, asked = asked_for(href)
    unit_id = asked.get("unit")
    slug, code = Notice.slug == asked.get("notice"), City.code == asked.get("city")
    picked = Picked(
        office=unit(OFFICE).id,
        notice=db.session.scalar(select(Notice.id).where(slug)),
        city=db.session.scalar(select(City.id).where(code)),
        unit=int(unit_id) if unit_id else None,
        role=asked.get("role", ""),
        adoption=asked.get("adoption", ""),
        period=asked.get("period", ""),
    )
    day = date.fromisoformat(asked["day"]) if "day" in asked else TODAY
    asked_then = as_of(day, today=TODAY)
    return Sight(asked=asked_then, picked=picked, workdays=workdays(), reminder_workdays=5)


def test_200_random_filters_count_the_same_everywhere(
    told: Flask, signed_in: Callable[[str], Visit], tmp_path: Path
) -> None:
    chief = signed_in("ziyou2")
    with told.app_context():
        office = unit(OFFICE).id
        hrefs = addresses(FILTERS)
        hand = by_hand(hrefs, office)
        assert sum(count > 0 for count in hand.values()) > FILTERS // 5
        for href in hrefs:
            sight = sight_of(href)
            assert listing.number(listing.OVERDUE, sight) == hand[href], href
            assert sum(1 for _ in listing.every(listing.OVERDUE, sight)) == hand[href], href
            rows = entries(sight.asked, sight.picked, sight.workdays)
            assert sum(row.overdue for row in rows) == hand[href], href
        for day in {*DAYS}:
            plain = f"/owed?which=overdue&day={day}"
            (late,) = by_hand([plain], office).values()
            keep = Keep(folder=tmp_path, at=end_of(day))
            assert of_day(office, day, "province", keep).figures["_overdue"]["value"] == late
            db.session.rollback()
    for href in hrefs:
        assert total(chief.page(href)) == hand[href], href


def test_the_exported_list_is_the_same_as_counted_by_hand(told: Flask) -> None:
    with told.app_context():
        for day in (TODAY, BEFORE):
            offices = select(Notice.office_id).where(Notice.office_id.is_not(None)).distinct()
            href = f"/owed?which=overdue&day={day}"
            late = sum(by_hand([href], office)[href] for office in db.session.scalars(offices))
            assert sum(1 for _ in overdue_rows(day)) == late > 0


@pytest.mark.parametrize("asked", ["", "?role=lead&notice=yfh-2023-59", f"?city=4401&day={BEFORE}"])
def test_the_page_shows_the_first_rows_and_counts_all_that_is_handed_out(
    told: Flask, signed_in: Callable[[str], Visit], asked: str
) -> None:
    office = signed_in("ziyou1")
    page = lxml.html.fromstring(office.page(f"/ledger{asked}"))
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"/ledger.xlsx{asked}").data)).active
    handed = list(book.iter_rows(min_row=2, values_only=True))
    shown = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert 0 < len(shown) <= 20
    assert [row[2:5] for row in shown] == [list(row[2:5]) for row in handed[: len(shown)]]
    assert f"共{len(handed):,}行" in page.text_content()


def test_the_workbook_has_days_filters_widths_and_a_head_that_stays(
    told: Flask, signed_in: Callable[[str], Visit]
) -> None:
    data = signed_in("ziyou1").get("/ledger.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == list(ledger.HEADINGS)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:Q{sheet.max_row}"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["D"].width == 44
    days = [cell for row in sheet.iter_rows(min_row=2, min_col=14, max_col=14) for cell in row]
    assert {cell.is_date for cell in days if cell.value is not None} == {True}


def test_file_and_filters_go_together(told: Flask, signed_in: Callable[[str], Visit]) -> None:
    visit = signed_in("ziyou1")
    whole, narrowed = visit.get("/ledger.csv"), visit.get("/ledger.csv?city=4401&role=local")
    rows = narrowed.data.decode("utf-8-sig").splitlines()
    assert 1 < len(rows) < len(whole.data.decode("utf-8-sig").splitlines())
    assert all("广州市" in row for row in rows[1:])
    assert "ledger.csv?city=4401" in visit.page("/ledger?city=4401")


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_no_cell_begins_a_formula(
    told: Flask, signed_in: Callable[[str], Visit], sign: str
) -> None:
    with told.app_context():
        db.session.execute(update(Measure).values(title=f"{sign}|cmd"))
        db.session.commit()
    visit = signed_in("ziyou1")
    where = "?city=4401"
    book = visit.get(f"/ledger.xlsx{where}").data
    read = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert read[1][3] == f"{sign}|cmd"
    cell = openpyxl.load_workbook(io.BytesIO(book)).active["D2"]
    assert cell.data_type in ("s", "inlineStr")
    told_csv = visit.get(f"/ledger.csv{where}").data.decode("utf-8-sig")
    assert f"'{sign}|cmd" in told_csv
    assert not re.search(rf'(^|,|"){re.escape(sign)}', told_csv, re.M)
