"""台账 in words: the columns of the office's table of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tracker.reports.states import STAGES
from tracker.supervision.ledger import Entry
from tracker.tasks.periods import label_of
from tracker.tasks.states import CALL, KINDS, LABELS, ROLES

NAME = "台账"
COLUMNS = (
    ("通知", 18),
    ("清单", 6),
    ("序号", 6),
    ("事项", 44),
    ("责任单位", 24),
    ("责任类型", 9),
    ("地市", 9),
    ("推广方式", 9),
    ("目前任务状态", 12),
    ("最近报送的报告期", 16),
    ("最近报送的工作阶段", 18),
    ("进度（%）", 9),
    ("最近报送日期", 12),
    ("最近期限", 12),
    ("逾期项数", 9),
    ("逾期工作日", 10),
    ("未办结困难", 10),
)
HEADINGS = tuple(heading for heading, _ in COLUMNS)


def lines(entries: Iterable[Entry]) -> Iterator[Sequence[Any]]:
    return map(_line, entries)


def _line(entry: Entry) -> Sequence[Any]:
    return (
        entry.notice,
        entry.list,
        entry.no,
        entry.title,
        entry.unit,
        KINDS[CALL] if entry.role == CALL else ROLES[entry.role],
        entry.city,
        entry.adoption,
        LABELS.get(entry.state, ""),
        label_of(entry.period) if entry.period else "",
        STAGES.get(entry.stage, ""),
        entry.percent,
        entry.filed_on,
        entry.awaited_by,
        entry.overdue,
        entry.workdays_late,
        entry.difficulties,
    )
