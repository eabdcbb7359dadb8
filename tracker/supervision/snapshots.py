"""A digest's content as a value: figures, lists of lines, a table by unit. Pure; kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

UNIT, OFFICE, BULLETIN, SITUATION = "unit-digest", "office-digest", "bulletin", "situation"
KINDS = {UNIT: "单位提醒", OFFICE: "逾期汇总", BULLETIN: "通报稿", SITUATION: "情况报告稿"}

OVERDUE, NEAR, FRESH, CHANGED = "overdue", "near", "fresh", "changed"
NEWLY, STILL, MET, REVIEW = "newly", "still", "met", "review"
LISTS = {
    OVERDUE: "逾期",
    NEAR: "临近",
    FRESH: "今日提醒",
    CHANGED: "新变动",
    NEWLY: "新增逾期",
    STILL: "持续逾期",
    MET: "已补报",
    REVIEW: "待本单位审核",
}


class Line(NamedTuple):
    """One obligation as a digest shows it. Days are text, as JSON keeps them."""

    obligation: int
    task: int | None
    measure: int | None
    notice: str
    slug: str
    list: int | None
    no: str
    title: str
    unit_id: int
    unit: str
    city: str
    role: str
    kind: str
    period: str
    day: str
    late: int
    status: str
    remark: str


# What the ids of something counted are of.
OBLIGATIONS, TASKS, MEASURES = "obligations", "tasks", "measures"
# By what is counted and by notice, the ids of what was counted.
Counted = Mapping[str, Mapping[int, Sequence[int]]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is told. A figure is the length of a list, of a part of one, or of what `counted` holds:
    what a draft counts is too much to be told line by line.
    """

    figures: Mapping[str, Any]
    lists: Mapping[str, Sequence[Line]]
    counted: Counted = field(default_factory=dict)
    units: Sequence[Mapping[str, Any]] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def of(self, which: str, unit_id: int | None = None) -> list[Line]:
        lines = self.lists.get(which, ())
        return [line for line in lines if unit_id is None or line.unit_id == unit_id]

    def ids(self, which: str, notice_id: int | None = None) -> list[int]:
        """What a figure counted, of all notices or of one."""
        by_notice = self.counted.get(which, {})
        some = by_notice if notice_id is None else {notice_id: by_notice.get(notice_id, ())}
        return sorted(number for ids in some.values() for number in ids)


def with_matters(page: Page, matters: Sequence[Mapping[str, Any]]) -> Page:
    """With what else waits for its reader, each kind in words and with its number."""
    return replace(page, facts={**page.facts, "matters": list(matters)})


def as_json(page: Page) -> dict[str, Any]:
    return {
        "figures": dict(page.figures),
        "lists": {name: list(lines) for name, lines in page.lists.items()},
        "counted": {
            name: {str(notice_id): list(ids) for notice_id, ids in own.items()}
            for name, own in page.counted.items()
        },
        "units": [dict(row) for row in page.units],
        "notices": [dict(row) for row in page.notices],
        "facts": dict(page.facts),
    }


def from_json(kept: Mapping[str, Any]) -> Page:
    lists = {name: [Line(*line) for line in lines] for name, lines in kept["lists"].items()}
    # Pages of before had none.
    counted = {
        name: {int(notice_id): ids for notice_id, ids in own.items()}
        for name, own in kept.get("counted", {}).items()
    }
    return Page(
        figures=kept["figures"],
        lists=lists,
        counted=counted,
        units=kept["units"],
        notices=kept["notices"],
        facts=kept["facts"],
    )


def line_of(row: Any, *, late: int, day: date | None = None, remark: str = "") -> Line:
    """From a row of `overdue.rows_of`; `day` where another one than the awaited is shown."""
    shown = day or row.awaited_by
    return Line(
        obligation=row.id,
        task=row.task_id,
        measure=row.measure_id,
        notice=row.short_title,
        slug=row.slug,
        list=row.list,
        no=row.no or "",
        title=row.title or "",
        unit_id=row.unit_id,
        unit=row.unit,
        city=row.city or "",
        role=row.role,
        kind=row.kind,
        period=row.period,
        day=shown.isoformat() if shown else "",
        late=late,
        status=row.status,
        remark=remark,
    )
