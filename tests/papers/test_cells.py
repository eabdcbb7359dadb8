"""Workbooks that are handed back: marked, cleared of old marks, and never made to reckon."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tracker.papers import cells
from tracker.papers.cells import WrongCell, annotated

NAME = "表"


def book(**values: object) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = NAME
    for cell, value in values.items():
        made.active[cell] = value
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))[NAME]


def told(cell: str, sentence: str = "请改正。") -> WrongCell:
    return WrongCell(sheet=NAME, cell=cell, sentence=sentence)


def test_each_wrong_cell_is_red_and_says_everything_that_is_wrong() -> None:
    found = sheet(annotated(book(A1="x", B1="y"), [told("A1", "甲。"), told("A1", "乙。")]))
    assert (found["A1"].comment.text, found["A1"].fill.start_color.rgb) == ("甲。\n乙。", cells.RED)
    assert found["B1"].comment is None


def test_marks_of_the_last_time_go() -> None:
    once = annotated(book(A1="x", B1="y"), [told("A1")])
    found = sheet(annotated(once, [told("B1")]))
    assert (found["A1"].comment, found["A1"].fill.fill_type) == (None, None)
    assert found["B1"].comment.text == "请改正。"


def test_a_formula_that_somebody_typed_becomes_its_text() -> None:
    found = sheet(annotated(book(A1='=HYPERLINK("http://a.invalid")'), [told("A1")]))
    assert (found["A1"].data_type, found["A1"].value[0]) == ("s", "=")


def test_a_workbook_too_large_to_be_written_again_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert annotated(b"no workbook", [told("A1")]) == b""
    monkeypatch.setattr(cells, "MOST_CELLS", 1)
    assert annotated(book(A1="x", B1="y"), [told("A1")]) == b""
