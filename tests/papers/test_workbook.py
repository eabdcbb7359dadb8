"""The quick workbook: text stays text, and the tables that people open are whole."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from python_calamine import load_workbook

from tracker.papers.workbook import workbook

COLUMNS = (("事项", 40), ("数", 6))


def read(data: bytes) -> list[list[object]]:
    return load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\t=1", "http://a.invalid"])
def test_text_is_never_a_formula_or_a_link(start: str) -> None:
    data = workbook("清单", COLUMNS, [(start, 3)])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    assert (cell.value, cell.data_type) == (start, "s")


def test_marks_and_control_characters_do_not_break_it() -> None:
    rows = read(workbook('<"&>', COLUMNS, [('<a> & "b"\x00', 12), ("", None)]))
    assert rows[:2] == [["事项", "数"], ['<a> & "b"\ufffd', 12.0]]


def test_the_same_rows_are_the_same_bytes() -> None:
    rows = [("甲", 1), ("乙", 2)]
    assert workbook("清单", COLUMNS, rows) == workbook("清单", COLUMNS, rows)
