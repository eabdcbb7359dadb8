"""催办单 as an official paper, from the urge as it was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from tracker.days import spelled
from tracker.papers import official_form as form
from tracker.papers.made import URGE, Figures, Made, longest_mark, row_mark
from tracker.papers.official_form import Figure
from tracker.papers.official_table import Column, table
from tracker.supervision.models import Urge
from tracker.supervision.numbering import numbered
from tracker.tasks.periods import owed_name

LIST = "催办事项清单"
COVERED, COVERED_WORD = "_covered", "催办的应报事项"
# The numbers in the words of the rule, which the office may have changed.
NUMBER = re.compile(r"你单位有(?P<covers>\d+)(?=项)|最长已逾期(?P<longest>\d+)(?=个工作日)")
COLUMNS = (
    Column("序号", 11, is_centred=True),
    Column("通知", 22),
    Column("事项", 60),
    Column("应报内容", 28, is_centred=True),
    Column("报送（补正）期限", 38, is_centred=True),
    Column("逾期工作日", 14, is_centred=True),
)


def urge_paper(urge: Urge, covered: Sequence[Row[*tuple[Any, ...]]]) -> Made:
    rows = [row for row in covered if not row.is_left_out]
    day = urge.issued_on or urge.proposed_on
    figures, title = Figures(), f"催办单{numbered(urge)}"
    paper = form.begin(title)
    form.title(paper, "催办单", numbered(urge))
    form.addressee(paper, urge.unit_name)
    for line in urge.reason.splitlines():
        form.text(paper, list(_reason(line, rows, figures)))
    form.text(paper, _asked(urge.reply_by, rows, figures))
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


def _reason(words: str, rows: Sequence[Any], figures: Figures) -> Iterator[str | Figure]:
    """The office's words, with a mark on each number that is still the one counted."""
    ids = [row.id for row in rows]
    longest = max(row.workdays_late for row in rows)
    last = [row.id for row in rows if row.workdays_late == longest]
    end = 0
    for found in NUMBER.finditer(words):
        is_longest = found["longest"] is not None
        place = found.span("longest" if is_longest else "covers")
        if int(words[slice(*place)]) != (longest if is_longest else len(ids)):
            continue
        yield words[end : place[0]]
        if is_longest:
            yield Figure(longest_mark(last[0]), longest)
        else:
            yield figures.put(COVERED, COVERED_WORD, len(ids), ids)
        end = place[1]
    yield words[end:]


def _asked(day: date, rows: Sequence[Any], figures: Figures) -> form.Words:
    """What is asked; how much it is for is told here only where the office's words do not."""
    by = f"请于{spelled(day)}前通过复制推广工作跟踪系统逐项回复。"
    if COVERED in figures.found:
        return [f"应报事项清单见附件，{by}"]
    ids = [row.id for row in rows]
    return ["附件所列应报事项共", figures.put(COVERED, COVERED_WORD, len(ids), ids), f"项，{by}"]


def _row(number: int, row: Any) -> form.Words:
    owed = owed_name(row.period, row.kind)
    return [
        Figure(row_mark(row.id), number),
        row.short_title,
        row.title or "",
        owed,
        spelled(row.was_awaited_by),
        str(row.workdays_late),
    ]
