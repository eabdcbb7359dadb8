"""催办单 as an official paper, from the urge as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from tracker.papers import official_form as form
from tracker.papers.made import URGE, Figures, Made, row_mark
from tracker.papers.official_form import Figure, on
from tracker.papers.official_table import Column, table
from tracker.papers.urge_letters import numbered
from tracker.supervision.models import Urge
from tracker.tasks.periods import label_of
from tracker.tasks.states import KINDS

LIST = "催办事项清单"
COLUMNS = (
    Column("序号", 11, is_centred=True),
    Column("通知", 22),
    Column("事项", 60),
    Column("应报内容", 28, is_centred=True),
    Column("应报日期", 38, is_centred=True),
    Column("逾期工作日", 14, is_centred=True),
)


def urge_paper(urge: Urge, covered: Sequence[Row[*tuple[Any, ...]]]) -> Made:
    rows = [row for row in covered if not row.is_left_out]
    day = urge.issued_on or urge.proposed_on
    figures, title = Figures(), f"催办单{numbered(urge)}"
    paper = form.begin(title)
    form.title(paper, "催办单", numbered(urge))
    form.addressee(paper, urge.unit_name)
    form.text(paper, urge.reason)
    form.text(paper, _told(rows, figures))
    form.text(paper, f"请于{on(urge.reply_by)}前通过复制推广工作跟踪系统逐项回复。")
    form.annex_note(paper, [LIST])
    form.signature(paper, urge.office_name, day)
    form.annex(paper, "附件", LIST)
    table(paper, COLUMNS, [_row(number, row) for number, row in enumerate(rows, start=1)])
    return Made(
        kind=URGE,
        about=str(urge.id),
        office_id=urge.office_id,
        title=title,
        addressee=urge.unit_name,
        as_of=day,
        data=form.finished(paper),
        figures=figures.found,
    )


def _told(rows: Sequence[Any], figures: Figures) -> form.Words:
    ids = [row.id for row in rows]
    longest = max(row.workdays_late for row in rows)
    last = [row.id for row in rows if row.workdays_late == longest]
    return [
        "催办的应报事项共",
        figures.put("_covered", "催办的应报事项", len(ids), ids),
        "项，最长逾期",
        Figure(row_mark_of_longest(last), longest),
        "个工作日，清单见附件。",
    ]


def row_mark_of_longest(ids: Sequence[int]) -> str:
    """Which of the annex's rows is that late."""
    return f"_longest_o{ids[0]}"


def _row(number: int, row: Any) -> form.Words:
    owed = f"{label_of(row.period)}{KINDS[row.kind]}"
    return [
        Figure(row_mark(row.id), number),
        row.short_title,
        row.title or "",
        owed,
        on(row.was_awaited_by),
        str(row.workdays_late),
    ]
