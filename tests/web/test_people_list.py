"""People from a list in Excel: all of them or nobody, and every wrong cell by its name."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence

import pytest
import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.papers.office_files import faults
from tests.web.conftest import Visit
from tests.web.test_people import SECRET, logged, number_of_people
from tracker.db import db
from tracker.registry.models import Person
from tracker.web.admin import listing

HEAD = ("账号", "姓名", "单位", "角色", "邮箱")
GOOD = (
    ("xin1", "甲", "省税务局", "填报员、审签人", "xin1@people.invalid"),
    ("xin2", "乙", "省商务厅自贸办", "审核人"),
)


@pytest.fixture
def system(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("xitong1")


def workbook(
    rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, sheet: str = "人员"
) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate([head, *rows]):
            page.write_row(number, 0, row)
    return file.getvalue()


def upload(visit: Visit, data: bytes, name: str = "名单.xlsx"):
    return visit.post("/people/list", form="/people/list", file=(io.BytesIO(data), name))


def test_a_list_adds_everybody_and_tells_their_first_passwords_once(
    system: Visit, site: Flask
) -> None:
    response = upload(system, workbook(GOOD))
    assert "已新增2人" in response.text
    passwords = [html.unescape(one) for one in SECRET.findall(response.text)]
    assert len(set(passwords)) == 2
    visit = Visit(site.test_client())
    assert visit.sign_in("xin1", passwords[0]).status_code == 302
    assert logged(site, "add people")[0].detail == {"accounts": ["xin1", "xin2"]}


def test_the_first_passwords_come_as_a_file_from_the_result_page_alone(system: Visit) -> None:
    page = upload(system, workbook(GOOD)).text
    sealed = html.unescape(page.split('name="sealed" value="')[1].split('"')[0])
    file = system.post("/people/list/passwords", sealed=sealed)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert faults(file.data) == []
    assert [row[0] for row in rows] == ["账号", "xin1", "xin2"]
    assert [row[3] for row in rows[1:]] == [html.unescape(one) for one in SECRET.findall(page)]
    assert system.post("/people/list/passwords", sealed="made up").status_code == 400


def test_every_wrong_cell_is_named_and_nobody_is_added(system: Visit, site: Flask) -> None:
    before = number_of_people(site)
    rows = [
        GOOD[0],
        ("Xin 2", "", "没有这个局", "国王", "邮箱"),
        ("xin1", "丙", "省税务局", "审核人"),
        ("shuiwu1", "丁", "省税务局", "系统管理员、填报员"),
    ]
    response = upload(system, workbook(rows))
    assert response.status_code == 422
    assert "名单有9处需要改正，没有新增任何人" in response.text
    for cell in ("A3", "B3", "C3", "D3", "E3", "A4", "D4", "A5", "D5"):
        assert f"<div>{cell}</div>" in response.text
    assert "与第2行重复" in response.text
    assert number_of_people(site) == before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "无法读取"),
        (b"MZ an .exe with another name", "无法读取"),
        (b"PK\x03\x04 not a workbook", "无法读取"),
        (b"0" * (listing.LARGEST + 1), "文件超过2 MB"),
        (workbook([], sheet="别的表"), "无法读取"),
        (workbook([]), "名单是空的"),
        (workbook(GOOD, head=("名字", "姓名", "单位", "角色")), "应为“账号”"),
        (
            workbook([(f"x{n:03}", "名", "省税务局", "填报员") for n in range(201)]),
            "每次不超过200人",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    system: Visit, site: Flask, data: bytes, sentence: str
) -> None:
    before = number_of_people(site)
    response = upload(system, data)
    assert response.status_code == 422
    assert sentence in response.text
    assert number_of_people(site) == before


def test_the_template_can_be_filled_and_handed_in(system: Visit) -> None:
    file = system.get("/people/list/template.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.data))
    assert book.sheet_names == ["人员", "填写说明"]
    assert tuple(book.get_sheet_by_index(0).to_python()[0]) == HEAD
    assert "名单是空的" in upload(system, file.data).text


def test_no_file_is_told_beside_the_field(system: Visit) -> None:
    assert "请先选择文件。" in system.post("/people/list", form="/people/list").text


def test_a_list_from_before_there_were_addresses_is_taken_as_well(
    system: Visit, site: Flask
) -> None:
    upload(system, workbook(GOOD[:1]))
    upload(system, workbook([GOOD[1]], head=HEAD[:4]))
    with site.app_context():
        rows = db.session.execute(select(Person.account, Person.email))
        found = {row.account: row.email for row in rows}
    assert (found["xin1"], found["xin2"]) == ("xin1@people.invalid", "")
