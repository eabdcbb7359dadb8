"""A city's return 回报表 in a test's hands: downloaded, filled in, spoilt, and sent up."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import unescape

import openpyxl
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import FileStorage

from tests.web.conftest import TOKEN, Visit
from tests.web.filing import TEXT, post_parts

SHEET = "回报表"
WRONG = re.compile(r'data-label="单元格"><div>([A-J]\d+)</div>')
GOOD = {"G": "推进中", "H": 40, "I": TEXT, "J": None}


def download(visit: Visit) -> bytes:
    answer = visit.get("/returns/form.xlsx")
    assert answer.status_code == 200
    return answer.data


def filled(data: bytes, cells: Mapping[str, object] = {}) -> bytes:
    """Every row filled in well, then some cells written over."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SHEET]
    for number in range(2, sheet.max_row + 1):
        for column, value in GOOD.items():
            sheet[f"{column}{number}"] = value
    for cell, value in cells.items():
        sheet[cell] = value
    return saved(book)


def touched(data: bytes, changes: Mapping[int, Mapping[str, object]]) -> bytes:
    """The rows of some obligations written over, by column; every other row as it was given out."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SHEET]
    for number in range(2, sheet.max_row + 1):
        owed = int(sheet[f"A{number}"].value.partition("-")[0])
        for column, value in changes.get(owed, {}).items():
            sheet[f"{column}{number}"] = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(data: bytes, sheet: str = SHEET) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()


def upload(visit: Visit, data: bytes):
    token = TOKEN.search(visit.page("/returns"))
    file = FileStorage(io.BytesIO(data), "回报表.xlsx")
    return post_parts(visit, "/returns", {"csrf_token": token[1], "file": file})


def wrong(page: str) -> list[str]:
    return WRONG.findall(page)


def copy_of(page: str) -> str:
    return unescape(page.split('name="copy" value="')[1].split('"', maxsplit=1)[0])
