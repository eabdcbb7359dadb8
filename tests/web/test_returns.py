"""回报表: filled in offline and handed back; every wrong cell named, no row taken twice."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from openpyxl import Workbook

from tests.papers.office_files import faults
from tests.web.conftest import Visit
from tests.web.filing import OPENED, TEXT, owe, sentences, sign, write
from tests.web.returned import (
    SHEET,
    copy_of,
    download,
    filled,
    saved,
    table,
    touched,
    upload,
    wrong,
)
from tests.web.test_filing_sheets import in_state, many
from tests.web.test_query_counts import counts
from tracker.reports.states import SIGNING

# What is planted in a row, and the column that is wrong by it.
KINDS = (
    ({"G": None}, "G"),
    ({"G": "快完成了"}, "G"),
    ({"G": "不采用"}, "G"),
    ({"H": None}, "H"),
    ({"H": "全部"}, "H"),
    ({"H": 101}, "H"),
    ({"H": 40.5}, "H"),
    ({"G": "已落地"}, "H"),
    ({"I": "短"}, "I"),
    ({"I": "情" * 4001}, "I"),
    ({"J": "没有"}, "J"),
    ({"A": "12-0-0123456789abcdef0123"}, "A"),
)


@pytest.fixture(autouse=True)
def _owed(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)


@pytest.fixture
def city(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("guangzhou1")


def planted(rows: range) -> tuple[dict[str, object], list[str]]:
    cells, places = {}, []
    for position, number in enumerate(rows):
        spoilt, letter = KINDS[position % len(KINDS)]
        cells |= {f"{column}{number}": value for column, value in spoilt.items()}
        places.append(f"{letter}{number}")
    return cells, places


def test_forty_wrong_cells_of_twelve_kinds_among_300_rows_are_all_named(
    site: Flask, city: Visit
) -> None:
    many(site, 290)
    form = download(city)
    number = len(table(form)) - 1
    assert number >= 300
    cells, places = planted(range(5, 285, 7))
    assert len(places) == 40
    data = filled(form, cells)
    page = upload(city, data)
    assert page.status_code == 422
    assert sorted(set(wrong(page.text))) == sorted(places)
    assert in_state(site, SIGNING) == number - 40
    again = upload(city, data).text
    assert f"{number - 40}项此前已收取，没有重复收取" in again
    assert sorted(set(wrong(again))) == sorted(places)
    assert in_state(site, SIGNING) == number - 40


def test_the_annotated_copy_names_them_and_is_taken_once_it_is_mended(
    site: Flask, city: Visit
) -> None:
    data = filled(download(city), {"H3": "全部", "J4": "是", "I5": "=1+1"})
    page = upload(city, data).text
    assert wrong(page) == ["H3", "J4", "I5"]
    answer = city.post("/returns/annotated.xlsx", form="/returns", copy=copy_of(page))
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book[SHEET]
    assert faults(answer.data) == []
    assert "0到100之间的整数" in sheet["H3"].comment.text
    assert "首次填报" in sheet["J4"].comment.text
    assert (sheet["I5"].value, sheet["I5"].data_type) == ("=1+1", "s")
    sheet["H3"], sheet["J4"], sheet["I5"] = 50, None, TEXT
    mended = upload(city, saved(book))
    assert mended.status_code == 302
    assert in_state(site, SIGNING) == sheet.max_row - 1
    assert city.post("/returns/annotated.xlsx", form="/returns", copy="made.up").status_code == 400


def test_a_workbook_saved_by_libreoffice_reads_the_same(site: Flask, city: Visit) -> None:
    """As that writes it: no lists to choose from, figures as floats, days as serial numbers."""
    form = filled(download(city), {"H2": 101.0, "I3": "短"})
    book = Workbook()
    book.remove(book.active)
    for name in (SHEET, "填写说明", "表单"):
        sheet = book.create_sheet(name)
        for row in table(form, name):
            sheet.append(row)
    book["表单"].sheet_state = "hidden"
    page = upload(city, saved(book)).text
    assert wrong(page) == wrong(upload(city, form).text) == ["H2", "I3"]
    assert in_state(site, SIGNING) == len(table(form)) - 3


def test_rows_left_empty_wait_and_everything_filled_in_is_said(site: Flask, city: Visit) -> None:
    form = download(city)
    last = len(table(form))
    empty = {f"{column}{last}": None for column in "GHIJ"}
    assert upload(city, filled(form, empty)).status_code == 302
    assert "1行没有填写" in city.page("/returns")
    assert in_state(site, SIGNING) == last - 2


def test_a_row_that_changed_since_the_download_shows_both_texts(
    site: Flask, city: Visit, signed_in: Callable[[str], Visit]
) -> None:
    form = download(city)
    key = table(form)[1][0]
    write(city, int(key.partition("-")[0]), progress="网页上写的是另一段话。")
    page = upload(city, filled(form)).text
    assert wrong(page) == ["A2"]
    assert "网页上写的是另一段话" in page
    assert "下载回报表以后，这一项有改动" in page


def test_what_was_filed_meanwhile_with_other_words_is_refused_and_kept(
    site: Flask, city: Visit, signed_in: Callable[[str], Visit]
) -> None:
    form = download(city)
    owed = int(table(form)[1][0].partition("-")[0])
    write(city, owed, "submit", progress="先从网页上报送的一段话。")
    sign(signed_in("guangzhou2"), owed)
    page = upload(city, filled(form)).text
    assert wrong(page) == ["A2"]
    assert "这一项已是“待审核”" in page


def test_what_came_back_and_nobody_mended_is_not_sent_again(
    site: Flask, city: Visit, signed_in: Callable[[str], Visit]
) -> None:
    data = filled(download(city))
    upload(city, data)
    owed = int(table(data)[1][0].partition("-")[0])
    signer, url = signed_in("guangzhou2"), f"/obligations/{owed}"
    signer.post(f"{url}/send-back", form=url, note="请补充数据。")
    upload(city, data)
    assert "1项退回后没有修改，没有收取" in city.page("/returns")
    assert upload(city, filled(download(city), {"I2": f"{TEXT}已补充。"})).status_code == 302
    assert in_state(site, SIGNING) == len(table(data)) - 1


def test_a_row_that_still_says_what_it_was_given_out_with_is_skipped(
    site: Flask, city: Visit
) -> None:
    """The form offers the page's drafts; only what was changed in it goes to the signer."""
    owed = [int(row[0].partition("-")[0]) for row in table(download(city))[1:4]]
    for number in owed:
        write(city, number, progress=f"{TEXT}\n其中 <p>窗口</p>\u200b 已增设。", percent="040")
    form = download(city)
    assert upload(city, touched(form, {owed[1]: {"H": 45}})).status_code == 302
    page = city.page("/returns")
    assert "1项已送审" in page
    assert "2行下载后未改动，没有收取" in page
    write(city, owed[0], progress="网页上写的是另一段话。")
    answer = upload(city, touched(form, {owed[1]: {"H": 45}, owed[2]: {"J": "没有"}}))
    assert wrong(answer.text) == ["J4"]
    assert "1项此前已收取，没有重复收取。1行下载后未改动，没有收取" in answer.text
    assert in_state(site, SIGNING) == 1


def test_rows_that_stand_twice_both_wait(site: Flask, city: Visit) -> None:
    form = download(city)
    page = upload(city, filled(form, {"A3": table(form)[1][0]})).text
    assert wrong(page) == ["A3"]
    assert "在第2行也有" in page
    assert in_state(site, SIGNING) == len(table(form)) - 3


def test_a_foreign_or_another_form_is_recognised(
    site: Flask, city: Visit, signed_in: Callable[[str], Visit]
) -> None:
    foreign = filled(download(signed_in("shuiwu1")))
    for data, said in (
        (foreign, "这是其他单位的回报表"),
        (city.get("/breakdown.xlsx").data, "请下载回报表"),
        (b"nothing", "请下载回报表"),
        (b"", "请选择填好的回报表"),
    ):
        answer = upload(city, data)
        assert answer.status_code == 422
        assert any(said in one for one in sentences(answer.text)), said
    assert in_state(site, SIGNING) == 0


def test_rows_of_another_download_and_a_moved_column_are_named(site: Flask, city: Visit) -> None:
    one, other = download(city), download(city)
    assert wrong(upload(city, filled(one, {"A2": table(other)[1][0]})).text) == ["A2"]
    assert wrong(upload(city, filled(other, {"G1": "进度"})).text) == ["G1"]


def test_text_that_looks_like_a_formula_stays_text_in_the_form(site: Flask, city: Visit) -> None:
    owed = int(table(download(city))[1][0].partition("-")[0])
    write(city, owed, progress='=HYPERLINK("http://a.invalid","点")')
    sheet = openpyxl.load_workbook(io.BytesIO(download(city)))[SHEET]
    assert sheet["I2"].data_type == "s"
    assert sheet["I2"].value.startswith("=HYPERLINK")
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("F2", "$1:$1")
    assert (sheet.protection.sheet, sheet["A2"].protection.locked) == (True, True)
    assert not sheet["I2"].protection.locked


def test_the_page_and_the_form_ask_as_often_with_300_rows(site: Flask, city: Visit) -> None:
    pages = ("/returns", "/returns/form.xlsx")
    few = counts(site, city, pages)
    many(site, 290)
    assert counts(site, city, pages) == few
