"""A digest in one line: its subject, and its counts without names for robots and inbox. Pure."""

from __future__ import annotations

from datetime import date

from tracker.days import spelled
from tracker.supervision.snapshots import BULLETIN, KINDS, OFFICE, SITUATION, UNIT, Page

NOTHING_LATE = "没有逾期事项"
QUARTERS = "一二三四"


def subject(kind: str, recipient: str, day: date, page: Page) -> str:
    """With counts: who reads nothing else knows how many."""
    lead = {
        UNIT: lambda: recipient,
        OFFICE: lambda: f"逾期汇总（{on(day)}）",
        BULLETIN: lambda: f"{_month(page)}通报稿",
        SITUATION: lambda: f"{_quarter(page)}情况报告稿",
    }
    return f"{lead[kind]()}：{COUNTS[kind](page)}"[:200]


def brief(kind: str, page: Page) -> str:
    return f"{KINDS[kind]}：{COUNTS[kind](page)}。"


def period(kind: str, page: Page) -> str:
    """What a draft is about: its month or quarter."""
    return {BULLETIN: _month, SITUATION: _quarter}[kind](page)


def _unit(page: Page) -> str:
    numbers = page.figures
    parts = [
        _part("逾期", numbers["overdue"]),
        _part("临近到期", numbers["near"]),
        _part("新变动", numbers["changed"]),
        _part("其他待办理", sum(one["number"] for one in page.facts.get("matters", ()))),
    ]
    return "，".join(part for part in parts if part)


def _office(page: Page) -> str:
    numbers = page.figures
    if not numbers["overdue"]:
        parts = [NOTHING_LATE, _part("已补报", numbers["met"]), _part("待审核", numbers["review"])]
        return "，".join(part for part in parts if part)
    return (
        f"逾期{numbers['overdue']}项，新增{numbers['newly']}项，"
        f"已补报{numbers['met']}项，待审核{numbers['review']}项"
    )


def _bulletin(page: Page) -> str:
    numbers = page.figures
    month = f"{date.fromisoformat(page.facts['month']).month}月"
    due = (
        f"{month}到期应报{numbers['expected']}项，其中逾期未报{numbers['missing']}项，"
        if numbers["expected"]
        else ""
    )
    return f"{due}各报告期累计逾期{numbers['overdue']}项"


def _situation(page: Page) -> str:
    numbers = page.figures
    return f"事项{numbers['measures']}项，任务{numbers['tasks']}项，已落地{numbers['landed']}项"


def _part(word: str, number: int) -> str:
    return f"{word}{number}项" if number else ""


def on(day: date | str) -> str:
    """A day in words, also as a digest keeps it."""
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return spelled(value)


def _month(page: Page) -> str:
    first = date.fromisoformat(page.facts["month"])
    return f"{first.year}年{first.month}月"


def _quarter(page: Page) -> str:
    first = date.fromisoformat(page.facts["first"])
    return f"{first.year}年第{QUARTERS[(first.month - 1) // 3]}季度"


COUNTS = {UNIT: _unit, OFFICE: _office, BULLETIN: _bulletin, SITUATION: _situation}
