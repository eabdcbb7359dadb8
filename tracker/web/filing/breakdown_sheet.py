"""The breakdown as a workbook: filled offline, read back with every wrong cell named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.notices.reading.unreadable import Unreadable
from tracker.papers.cells import WrongCell, padded, rows_of
from tracker.papers.workbook import workbook
from tracker.tasks.breaking_down import Order, cleaned, wrongs

SHEET = "任务分解"
COLUMNS = (
    ("编号（勿改）", 12),
    ("通知", 16),
    ("序号", 8),
    ("事项", 44),
    ("市牵头部门", 22),
    ("责任人", 14),
    ("工作机制", 44),
)
FIELDS = {"lead": "E", "person": "F", "mechanism": "G"}
NOT_A_FORM = f"无法读取，请下载任务分解表，在“{SHEET}”表中填写，另存为 .xlsx 后上传。"


def form(rows: Sequence[Any]) -> bytes:
    return workbook(
        SHEET,
        COLUMNS,
        (
            (row.id, row.short_title, row.no, row.title, row.lead, row.person, row.mechanism)
            for row in rows
        ),
    )


def read(data: bytes, rows: Sequence[Any]) -> tuple[dict[int, Order], list[WrongCell]]:
    """The orders by task, and everything that is wrong, all at once."""
    found = rows_of(data, SHEET, NOT_A_FORM)
    if padded(found[0], len(COLUMNS)) != [word for word, _ in COLUMNS]:
        raise Unreadable(NOT_A_FORM)
    known = {str(row.id): row.id for row in rows}
    orders: dict[int, Order] = {}
    wrong: list[WrongCell] = []
    for line in found[1:]:
        cells = padded(line, len(COLUMNS))
        if not any(cells):
            continue
        task_id = known.get(cells[0].removesuffix(".0"))
        wrong += _take(line.place.row or 0, task_id, cells, orders)
    return orders, wrong


def _take(
    number: int, task_id: int | None, cells: Sequence[str], orders: dict[int, Order]
) -> list[WrongCell]:
    if task_id is None:
        return [_cell("A", number, "不是本市现有任务的编号，请用新下载的任务分解表填写。")]
    if task_id in orders:
        return [_cell("A", number, "这项任务在表中重复出现，请只留一行。")]
    order = cleaned(Order(lead=cells[4], person=cells[5], mechanism=cells[6]))
    orders[task_id] = order
    return [_cell(FIELDS[name], number, said) for name, said in wrongs(order).items()]


def _cell(column: str, number: int, sentence: str) -> WrongCell:
    return WrongCell(sheet=SHEET, cell=f"{column}{number}", sentence=sentence)
