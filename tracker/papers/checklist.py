"""对照检查清单: what applies to a city, to be ticked off on paper or in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tracker.days import spelled
from tracker.papers.printed import Sheet, workbook as printed

COLUMNS = (
    ("通知", 16),
    ("序号", 6),
    ("事项", 40),
    ("方式", 9),
    ("适用依据", 18),
    ("省牵头单位及进展", 30),
    ("本市工作阶段", 11),
    ("本市最近期限", 12),
    ("逾期项数", 9),
    ("是否落实", 9),
    ("检查情况", 36),
)
OTHERS = (("通知", 16), ("序号", 6), ("事项", 48), ("印发的推广范围", 32), ("说明", 24))
SAID = "适用依据为通知原文；“是否落实”“检查情况”两栏由检查人填写。"


def workbook(
    city: str,
    day: date,
    *,
    said: str,
    rows: Iterable[Any],
    done: Sequence[Any],
    left_out: Sequence[Any],
) -> bytes:
    title, said = f"{city}对照检查清单", f"截至{spelled(day)}，{said}。{SAID}"
    return printed(
        [
            Sheet(name="对照检查清单", title=title, said=said, columns=COLUMNS, rows=_lines(rows)),
            Sheet(
                name="不需要本市推广",
                title=f"{city}已复制推广和未列入的事项",
                said="已复制推广的，通知写明本市已经完成；未列入的，推广范围不含本市或尚未明确。",
                columns=OTHERS,
                rows=[*_others(done, "通知写明已复制推广"), *_others(left_out, "")],
            ),
        ]
    )


def _lines(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    for row in rows:
        task = row.task
        kept = row.stand if row.follows else None
        leads = [f"{lead.printed}：{row.told.of(lead.id).word}" for lead in row.leads]
        yield (
            task.short_title,
            task.no,
            task.title,
            task.adoption,
            row.ground,
            "\n".join(leads),
            row.word,
            (kept.awaited_by if kept else None) or "",
            "" if row.overdue is None else row.overdue,
            "",
            "",
        )


def _others(rows: Iterable[Any], why: str) -> Iterator[Sequence[Any]]:
    waits = {"waiting": "待指定地市", "none": "未写明推广范围"}
    for row in rows:
        scope = row.scope_raw or row.list_scope or "未写明"
        told = why or waits.get(row.scope_state, "推广范围不含本市")
        yield row.short_title, row.no, row.title, scope, told
