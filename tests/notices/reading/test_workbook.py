"""Workbooks: numbers, merged cells, several sheets, and rows set apart from the corner."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, TITLE
from tracker.notices.reading.document import Reading, read

Sheet = Sequence[Sequence[object]]


def book(*sheets: Sheet, begin: tuple[int, int] = (0, 0)) -> Reading:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"})
    for rows in sheets:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows, start=begin[0]):
            sheet.write_row(at, begin[1], row)
    made.close()
    return read(file.getvalue())


def test_a_sheet_is_read_with_its_places() -> None:
    reading = book([[TITLE], HEADER, *ROWS])
    assert reading.lists[0].heading == TITLE
    assert str(reading.lists[0].measures[2].place) == "Sheet1第5行"


def test_a_table_may_stand_away_from_the_corner() -> None:
    reading = book([["任务分工表"], HEADER, *ROWS], begin=(4, 2))
    assert [m.title for m in reading.lists[0].measures] == [row[1] for row in ROWS]
    assert reading.lists[0].measures[0].place.row == 7


def test_numbers_and_days_are_shown_as_a_person_sees_them() -> None:
    header = (*HEADER, "完成时限")
    [measure] = book([header, (1.0, *FIRST[1:], date(2027, 6, 30))]).lists[0].measures
    assert (measure.no, measure.deadline) == ("1", "2027-06-30")


def test_every_sheet_is_a_list_of_its_own() -> None:
    reading = book([["甲表"], HEADER, *ROWS], [["乙表"], HEADER, FIRST, SECOND])
    shapes = [(each.heading, len(each.measures)) for each in reading.lists]
    assert shapes == [("甲表", 3), ("乙表", 2)]


def test_the_last_words_of_a_sheet_head_no_list_of_the_next() -> None:
    reading = book([["甲表"], HEADER, *ROWS, ["填表人某某"]], [HEADER, FIRST])
    assert [each.heading for each in reading.lists] == ["甲表", ""]


def test_a_line_break_in_a_cell_stays_one() -> None:
    [measure] = book([HEADER, (*FIRST[:3], "省商务厅\n省税务局", "全省")]).lists[0].measures
    assert measure.units_raw == "省商务厅\n省税务局"
