"""People as a list in Excel: the empty form, and reading it back with every wrong cell named."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from tracker.notices.reading.lines import Line
from tracker.notices.reading.unreadable import Unreadable
from tracker.papers.cells import WrongCell, padded, rows_of
from tracker.papers.printed import OPTIONS
from tracker.permissions import ROLE_RULES, ROLES
from tracker.registry import people, queries
from tracker.registry.people import Given

SHEET = "人员"
COLUMNS = {"account": "账号", "name": "姓名", "unit": "单位", "roles": "角色", "email": "邮箱"}
LETTERS = dict(zip(COLUMNS, "ABCDE", strict=True))
# A list made before there was this column is taken all the same.
MAY_BE_ABSENT = frozenset({"email"})
WIDTHS = (18, 18, 36, 30, 30)
MOST = 200
LARGEST = 2 * 1024 * 1024
NOT_A_LIST = f"无法读取，请下载模板，在“{SHEET}”表中填写，另存为 .xlsx 后上传。"
HELP = (
    ("账号", "2至40个小写字母、数字、点、横线或下划线，以字母或数字开头，不得重复"),
    ("姓名", "不超过40个字"),
    ("单位", "名录中的单位全称或别称"),
    ("角色", f"多个角色用顿号隔开；可填：{'、'.join(ROLES.values())}"),
    ("邮箱", "收提醒用，可以不填"),
    ("", "审核人、统筹单位负责人只设在统筹单位；三类管理员须由专人担任"),
    ("", f"每次不超过{MOST}人；有一处不对，全部不新增"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    values: dict[str, str]


def template() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e8eef5"})
        sheet, told = book.add_worksheet(SHEET), book.add_worksheet("填写说明")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS.values(), bold)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        told.set_column(1, 1, 90)
        for number, row in enumerate(HELP):
            told.write_row(number, 0, row)
    return file.getvalue()


def passwords(rows: Sequence[Sequence[str]]) -> bytes:
    """What the result page shows, as a table to hand out from."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet("初始密码")
        sheet.set_column(0, 3, 24)
        for number, row in enumerate([("账号", "姓名", "单位", "初始密码"), *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def read(data: bytes) -> tuple[list[Given], list[WrongCell]]:
    """Everybody on the list, and everything that is wrong with it, all at once."""
    if len(data) > LARGEST:
        raise Unreadable("文件超过2 MB，请只保留人员名单后上传。")
    found = rows_of(data, SHEET, NOT_A_LIST)
    if wrong := list(_wrong_head(found[0])):
        return [], wrong
    rows = [_row(line) for line in found[1:] if any(filter(None, line.cells))]
    if not rows:
        return [], [_wrong(2, "account", "名单是空的，请从第2行起填写人员。")]
    if len(rows) > MOST:
        return [], [_wrong(MOST + 2, "account", f"每次不超过{MOST}人，请分几次上传。")]
    return _checked(rows)


def _wrong_head(head: Line) -> Iterator[WrongCell]:
    for number, (field, word) in enumerate(COLUMNS.items()):
        printed = head.cells[number] if number < len(head.cells) else ""
        if printed != word and (printed or field not in MAY_BE_ABSENT):
            yield _wrong(head.place.row or 1, field, f"应为“{word}”，请用下载的模板填写。")


def _row(line: Line) -> Row:
    values = dict(zip(COLUMNS, padded(line, len(COLUMNS)), strict=True))
    return Row(number=line.place.row or 0, values=values)


def _checked(rows: Sequence[Row]) -> tuple[list[Given], list[WrongCell]]:
    units = queries.units_named({row.values["unit"] for row in rows})
    taken = people.known_accounts({row.values["account"] for row in rows})
    given, wrong, first = [], [], dict[str, int]()
    for row in rows:
        one = Given(
            account=(account := row.values["account"]),
            name=row.values["name"],
            unit=units.get(row.values["unit"]),
            roles=_roles(row.values["roles"]),
            email=row.values["email"],
        )
        found = people.wrongs(one, ROLE_RULES)
        if account in taken:
            found.setdefault("account", people.TAKEN)
        if account in first:
            found.setdefault("account", f"与第{first[account]}行重复，请换一个账号。")
        first.setdefault(account, row.number)
        wrong += [_wrong(row.number, field, sentence) for field, sentence in found.items()]
        given.append(one)
    return given, wrong


def _roles(printed: str) -> frozenset[str]:
    """Role codes; a word that is none stays as it is, and is told as wrong."""
    codes = {word: code for code, word in ROLES.items()}
    words = filter(None, re.split(r"[、，,；;\s]+", printed))
    return frozenset(codes.get(word, word) for word in words)


def _wrong(number: int, field: str, sentence: str) -> WrongCell:
    return WrongCell(sheet=SHEET, cell=f"{LETTERS[field]}{number}", sentence=sentence)
