"""The check of what Office opens: it finds what is planted, and nothing in what is whole."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from types import SimpleNamespace

import pytest

from tests.papers.office_files import faults
from tracker.papers import official_form as form
from tracker.papers.printed import Sheet, workbook as printed
from tracker.papers.return_form import form_book
from tracker.papers.return_keys import Form
from tracker.papers.workbook import workbook

SHEET, BOOK, WORDS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "word/document.xml"


def quick() -> bytes:
    return workbook("清单&", (("事项", 40), ("数", 6)), [("甲", 1), ("乙", date(2026, 1, 1))])


def table() -> bytes:
    columns = (("甲", 9), ("乙", 9))
    return printed(
        [Sheet(name=name, title=name, said="", columns=columns, rows=[(1, 2)]) for name in "丙丁"]
    )


def filled() -> bytes:
    told = {"short_title": "通知", "period": "2026-Q1", "no": "1", "title": "事项"}
    row = SimpleNamespace(
        id=1, report_version=0, body=None, adoption="", awaited_by=date(2026, 7, 1), **told
    )
    return form_book("s" * 64, Form(unit_id=1, number="1", issued="2026-07-01"), "单位", [row])


def paper() -> bytes:
    made = form.begin("标题")
    form.text(made, ["共", form.Figure("_one", 1), "项，", form.Figure("_two", 2), "项。"])
    return form.finished(made)


@pytest.mark.parametrize("make", [quick, table, filled, paper])
def test_what_is_whole_has_no_faults(make) -> None:
    assert faults(make()) == []


@pytest.mark.parametrize(
    ("make", "part", "written", "planted", "said"),
    [
        (quick, SHEET, "<autoFilter", "<unknown/><autoFilter", "Unexpected element 'unknown'"),
        (quick, SHEET, "landscape", "upright", "'upright' is not in allowed values"),
        (quick, SHEET, r"(<cols>.*</cols>)(.*</sheetData>)", r"\2\1", "Unexpected element 'cols'"),
        (quick, SHEET, "<row>", '<row r="3"></row><row r="2">', "rows do not rise"),
        (quick, SHEET, "<c>", '<c r="B4">', "cells of another row"),
        (quick, SHEET, 's="1"', 's="3"', "has style 3 of 3"),
        (quick, SHEET, 'ref="A1:', 'ref="A1:ZZZZ', "autoFilter is at"),
        (quick, BOOK, '"清单&amp;"', '"清/单"', "no sheet may be called"),
        (quick, BOOK, '"清单&amp;"', f'"{"长" * 32}"', "no sheet may be called"),
        (quick, BOOK, 'localSheetId="0"', 'localSheetId="1"', "is of no sheet"),
        (quick, BOOK, "_xlnm.Print_Titles", "_xlnm._FilterDatabase", "is given twice"),
        (quick, BOOK, 'r:id="r1"', 'r:id="r9"', "'r9' referenced by attribute 'id' does not exist"),
        (quick, "xl/_rels/workbook.xml.rels", "styles.xml", "gone.xml", "target not found"),
        (quick, "[Content_Types].xml", "styles.xml", "gone.xml", "has content type 'None'"),
        (table, BOOK, 'name="丁"', 'name="丙"', "two sheets have one name"),
        (table, SHEET, "A2:B2", "A1:B2", "merged cells overlap"),
        (table, SHEET, '(t="s"><v>)0', r"\g<1>99", "shows a text that is not kept"),
        (filled, SHEET, '<formula1>"', f'<formula1>"{"长" * 250}', "is too long"),
        (filled, SHEET, 'error="', f'error="{"长" * 250}', "is too long"),
        (paper, WORDS, '"_two"', '"_one"', "bookmark _one is there twice"),
        (paper, WORDS, '"_two"', f'"_{"t" * 40}"', "is too long"),
        (paper, WORDS, '<w:bookmarkEnd w:id="2"/>', "", "begins without an end"),
        (paper, WORDS, 'w:id="2"', 'w:id="1"', "should have unique value"),
        (paper, WORDS, '<w:jc w:val="left"/>', '<w:jc w:val="left-ish"/>', "not in allowed values"),
        (paper, WORDS, "<w:rPr>", "<w:rPr><w:b/><w:rFonts/>", "Unexpected element 'rFonts'"),
    ],
)
def test_what_office_would_mend_is_named(make, part, written, planted, said) -> None:
    found = faults(spoilt(make(), part, written, planted))
    assert any(said in one for one in found), found


def spoilt(data: bytes, part: str, written: str, planted: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(file, "w") as target:
        for name in whole.namelist():
            held = whole.read(name)
            if name == part:
                text, times = re.subn(written, planted, held.decode(), count=1, flags=re.DOTALL)
                assert times == 1, written
                held = text.encode()
            target.writestr(name, held)
    return file.getvalue()
