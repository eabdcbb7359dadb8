"""The return 回报表 as a workbook to fill in: lists to choose from, keys locked, how to fill it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tracker.papers.printed import A4, OPTIONS
from tracker.papers.return_keys import Form, Given, cells_of, key_of, told_by
from tracker.papers.return_words import (
    COLUMNS,
    FIRST_TO_FILL,
    HELP,
    HIDDEN,
    INSTRUCTIONS,
    SHEET,
    YES,
)
from tracker.reports.bodies import LONGEST_TEXT, WHOLE, Body
from tracker.reports.queries import MAY
from tracker.reports.states import REJECTED, STAGES
from tracker.tasks.periods import label_of

STAGE, PERCENT, PROGRESS, UNCHANGED = range(FIRST_TO_FILL, FIRST_TO_FILL + 4)
# Who fills it in may sort, filter and widen; nobody moves a key away from its row.
LOCKED = {"format_columns": True, "format_rows": True, "autofilter": True}
WHOLE_NUMBER = re.compile("[0-9]{1,3}")


def form_book(secret: str, form: Form, unit: str, rows: Sequence[Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(SHEET)
        _instructions(book, unit, form)
        _mark(book, cells_of(secret, form))
        _head(book, sheet, len(rows))
        formats = _formats(book)
        for number, row in enumerate(rows, start=1):
            cells = _filled(Body.of(row.body or {}))
            version, told = row.report_version or 0, told_by(cells)
            given = Given(obligation_id=row.id, version=version, told=told)
            _row(sheet, number, row, key_of(secret, form, given), formats)
            _fill(sheet, number, cells, formats[-1])
        _choices(sheet, rows)
        sheet.protect("", LOCKED)
    return file.getvalue()


def _formats(book: Any) -> tuple[Any, ...]:
    """A key in one line, locked words, a locked day, and open to be filled in."""
    edge = {"border": 1, "border_color": "#b8c2cc", "valign": "top", "text_wrap": True}
    locked = {**edge, "bg_color": "#f2f4f6", "font_color": "#3c4650"}
    narrow = {**locked, "text_wrap": False, "font_color": "#8a949e"}
    day = {**locked, "num_format": "yyyy-mm-dd"}
    free = {**edge, "locked": False}
    return tuple(book.add_format(one) for one in (narrow, locked, day, free))


def _head(book: Any, sheet: Any, rows: int) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#dbe5f1", "border": 1, "text_wrap": True})
    for column, (word, width) in enumerate(COLUMNS):
        sheet.write_string(0, column, word, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, FIRST_TO_FILL - 1)
    sheet.autofilter(0, 0, rows, len(COLUMNS) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _row(sheet: Any, number: int, row: Any, key: str, formats: tuple[Any, ...]) -> None:
    narrow, locked, day, _ = formats
    sheet.write_string(number, 0, key, narrow)
    told = (row.short_title, label_of(row.period), str(row.no), row.title)
    for column, text in enumerate(told, start=1):
        sheet.write_string(number, column, text, locked)
    _day(sheet, number, row.awaited_by, day)


def _filled(body: Body) -> tuple[str, ...]:
    """What the draft says already, in the words of the four columns."""
    percent = body.percent.lstrip("0") or body.percent[-1:]
    return STAGES.get(body.stage, ""), percent, body.progress, YES if body.is_unchanged else ""


def _fill(sheet: Any, number: int, cells: Sequence[str], free: Any) -> None:
    for column, text in enumerate(cells, start=FIRST_TO_FILL):
        if column == PERCENT and WHOLE_NUMBER.fullmatch(text):
            sheet.write_number(number, column, int(text), free)
        elif text:
            sheet.write_string(number, column, text, free)
        else:
            sheet.write_blank(number, column, None, free)


def _day(sheet: Any, number: int, day: date | None, style: Any) -> None:
    if day:
        sheet.write_datetime(number, FIRST_TO_FILL - 1, day, style)


def _choices(sheet: Any, rows: Sequence[Any]) -> None:
    last = len(rows)
    stages = [word for code, word in STAGES.items() if code != REJECTED]
    for number, row in enumerate(rows, start=1):
        words = [*stages, STAGES[REJECTED]] if row.adoption == MAY else stages
        told = {"validate": "list", "source": words, **_told("请从列表中选择工作阶段。")}
        sheet.data_validation(number, STAGE, number, STAGE, told)
    percent = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": WHOLE}
    percent |= _told("完成进度填0到100之间的整数，不写百分号。")
    sheet.data_validation(1, PERCENT, last, PERCENT, percent)
    length = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
    length |= _told(f"进展情况最多{LONGEST_TEXT}字。")
    sheet.data_validation(1, PROGRESS, last, PROGRESS, length)
    yes = {"validate": "list", "source": [YES], **_told("本期无变化的选“是”，其他留空。")}
    sheet.data_validation(1, UNCHANGED, last, UNCHANGED, yes)


def _told(sentence: str) -> dict[str, str]:
    return {"error_title": "请改正", "error_message": sentence}


def _instructions(book: Any, unit: str, form: Form) -> None:
    told = book.add_worksheet(INSTRUCTIONS)
    bold, wrap = (book.add_format(one) for one in ({"bold": True}, {"text_wrap": True}))
    told.set_column(0, 0, 16)
    told.set_column(1, 1, 84)
    about = (("填报单位", unit), ("下载日期", form.issued), ("表号", form.number))
    for number, (word, sentence) in enumerate((*about, *HELP)):
        told.write_string(number, 0, word, bold)
        told.write_string(number, 1, sentence, wrap)
    told.fit_to_pages(1, 0)
    told.protect()


def _mark(book: Any, cells: Sequence[str]) -> None:
    sheet = book.add_worksheet(HIDDEN)
    for column, text in enumerate(cells):
        sheet.write_string(0, column, text)
    sheet.protect()
    sheet.very_hidden()
