"""Tables of our own, in the layouts of the real ones."""

from __future__ import annotations

from collections.abc import Sequence

HEADER = ("序号", "改革事项", "主要内容", "牵头单位", "推广范围")
FIRST = ("1", "夜间查验预约", "企业在网上约好夜间时段，关员按时到场。", "海关总署广东分署", "全省")
SECOND = ("2", "船票一码通行", "一个二维码从购票用到登船。", "省交通运输厅、广东海事局", "全省范围")
THIRD = (
    "3",
    "园区用电托管",
    "园区统一报装用电，企业入驻即开户。",
    "省能源局、南方电网公司",
    "全省",
)
ROWS = (FIRST, SECOND, THIRD)
TITLE = "示范区第一批经验任务分工表"

Row = Sequence[str]


def line(row: Row) -> str:
    return "\t".join(row)


def table(*rows: Row, header: Row = HEADER, title: str = TITLE) -> str:
    return "\n".join([title, "", line(header), *map(line, rows)])


def stacked(*rows: Row, header: Row = HEADER, title: str = TITLE) -> str:
    cells = [cell for row in (header, *rows) for cell in row]
    return "\n".join([title, *(f"\t{cell}" for cell in cells)])


def html(*rows: Row, header: Row = HEADER, title: str = TITLE) -> str:
    """Cells are written as they are, so that they can carry tags of their own."""
    written = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    head = "".join(f"<th>{word}</th>" for word in header)
    return f"<html><body><p>{title}</p><table><tr>{head}</tr>{written}</table></body></html>"
