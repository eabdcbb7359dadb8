"""Documents that tests write in the layout of the real ones, and the way they are taken in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from tracker.db import Base, db, writing
from tracker.operations import importing

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TITLE = "广东省人民政府关于复制推广测试经验的通知"
NUMBER = "粤府函〔2026〕901号"
COLUMNS = "序号\t事项\t主要内容\t牵头部门\t推广范围"
ROW = "1\t推行甲事项\t一是办好甲事项。\t省税务局、省公安厅\t全省范围"


def document(*rows: str, title: str = TITLE, number: str = NUMBER) -> str:
    """A notice with one table; without rows it has one measure of two units for every city."""
    head = f"{title}\n{number}\n\n各地级以上市人民政府：\n\n现予印发。\n\n2026年11月2日\n\n"
    return head + table(*rows)


def table(*rows: str) -> str:
    return "\n".join(["附件：", "", "测试经验任务分工表", "", COLUMNS, *(rows or (ROW,)), ""])


def written(folder: Path, text: str, name: str = "notice.txt") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def described(folder: Path, text: str = 'short_title = "测试"\n') -> Path:
    return written(folder, text, "notice.toml")


def take_in(file: Path, notice: Path | None = None) -> str:
    """As the command does it: one transaction, rolled back where it is refused."""
    try:
        with writing():
            told = importing.confirm_file(file, on=DAY, at=NOW, notice=notice)
            db.session.commit()
    finally:
        db.session.remove()
    return told


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    tables = Base.metadata.sorted_tables
    found = {
        each.name: [
            tuple(row) for row in db.session.execute(each.select().order_by(*each.primary_key))
        ]
        for each in tables
    }
    db.session.remove()
    return found


def count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
