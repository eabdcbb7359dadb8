"""需协调事项 in a 情况报告: counted by state and kind, what is important named, all in an annex."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tracker.days import spelled
from tracker.difficulties.kinds import KINDS
from tracker.difficulties.states import OPEN, SETTLED, STATES
from tracker.papers.made import Figures
from tracker.papers.official_form import Figure, Words
from tracker.papers.official_table import Column

Rows = Sequence[Any]

ANNEX = "需协调事项情况表"
NONE = "没有需协调的困难和问题。"
LONGEST = 120
COLUMNS = (
    Column("序号", 11, is_centred=True),
    Column("提出单位", 32),
    Column("通知", 36),
    Column("事项", 44),
    Column("类别", 26),
    Column("需协调的困难和问题", 80),
    Column("状态", 18, is_centred=True),
)


def paragraphs(rows: Rows, figures: Figures, *, since: date) -> Iterator[Words]:
    """What was settled is told from `since` on."""
    waiting = open_of(rows)
    if not rows:
        yield [NONE]
        return
    yield list(_by_state(rows, waiting, figures, since))
    if waiting:
        yield list(_by_kind(waiting, figures))
    important = [row for row in waiting if row.is_important]
    if important:
        yield [
            "其中须报告的重要情况",
            figures.put("_d_important", "重要情况", len(important)),
            "项：",
        ]
        for place, row in enumerate(important, start=1):
            yield [f"{place}.{row.unit}（{row.title}）：{short(row.words)}"]


def open_of(rows: Rows) -> Rows:
    return [row for row in rows if row.state in OPEN]


def _by_state(rows: Rows, waiting: Rows, figures: Figures, since: date) -> Iterator[str | Figure]:
    counted = Counter(row.state for row in rows)
    yield "各单位提出、尚未办结的需协调事项共"
    yield figures.put("_d_open", "未办结的需协调事项", len(waiting))
    for state in OPEN:
        yield f"项，其中{STATES[state]}" if state == OPEN[0] else f"项、{STATES[state]}"
        yield figures.put(f"_d_{state}", STATES[state], counted[state])
    yield f"项；{spelled(since)}以来办结"
    yield figures.put("_d_settled", STATES[SETTLED], counted[SETTLED])
    yield "项，详见附件3。"


def _by_kind(waiting: Rows, figures: Figures) -> Iterator[str | Figure]:
    counted = Counter(row.kind for row in waiting)
    yield "未办结的事项中，"
    for place, kind in enumerate(kind for kind in KINDS if counted[kind]):
        yield f"{'、' if place else ''}{KINDS[kind]}类"
        yield figures.put(f"_d_{kind}", KINDS[kind], counted[kind])
        yield "项"
    yield "。"


def annex_rows(rows: Rows) -> Iterator[Words]:
    """What waits first."""
    order = tuple(STATES)
    waiting_first = sorted(rows, key=lambda row: (order.index(row.state), not row.is_important))
    for place, row in enumerate(waiting_first, start=1):
        flag = "【重要情况】" if row.is_important else ""
        yield [
            Figure(f"_d{row.id}", place),
            row.unit,
            row.short_title,
            row.title,
            KINDS[row.kind],
            f"{flag}{short(row.words)}",
            STATES[row.state],
        ]


def short(words: str) -> str:
    """On one line; who wants all of it opens the record."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
