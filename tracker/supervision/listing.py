"""The lists behind the numbers: every number of a dashboard counts the rows of one of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.reports import states as reports
from tracker.reports.models import Report
from tracker.supervision import backlog, changes, trends
from tracker.supervision.backlog import by_review
from tracker.supervision.changes import BEFORE, CHANGES, MET, NEWLY, SETTLED, STILL, changed
from tracker.supervision.overdue import Key, Paged, Rows, by_day, by_id
from tracker.supervision.selecting import Condition, number_where
from tracker.supervision.sight import Sight
from tracker.tasks.models import Obligation
from tracker.tasks.states import FILED, UNASSIGNED

OVERDUE, NEAR, GREEN, AWAITED = "overdue", "near", "green", "awaited"
REVIEW, REVIEW_LATE, WITHOUT_UNIT = "review", "review_late", "unassigned"
EXPECTED, ON_TIME, LATE, MISSING = trends.COUNTED
LATEST_EXPECTED, LATEST_ON_TIME = "latest_expected", "latest_on_time"

LISTS: Mapping[str, str] = {
    OVERDUE: "逾期未报",
    BEFORE: "上周末逾期未报",
    NEWLY: "本周新增逾期",
    STILL: "上周起持续逾期",
    MET: "本周已补报",
    SETTLED: "本周因延期等不再逾期",
    NEAR: "临近到期",
    GREEN: "期限未到",
    AWAITED: "全部待报",
    REVIEW: "待审核",
    REVIEW_LATE: "超过审核期限",
    WITHOUT_UNIT: "待明确承接单位",
    EXPECTED: "应报",
    ON_TIME: "按时报送",
    LATE: "逾期报送",
    MISSING: "尚未报送",
    LATEST_EXPECTED: "最近一期应报",
    LATEST_ON_TIME: "最近一期按时报送",
}
# Of each role's last period that is closed: the two numbers of its rate.
LATEST = {LATEST_EXPECTED: EXPECTED, LATEST_ON_TIME: ON_TIME}
# By the day the office should have decided by.
IN_REVIEW = frozenset({REVIEW, REVIEW_LATE})
# What is awaited is listed by its day, everything else as it came about.
BY_DAY = frozenset({OVERDUE, NEAR, GREEN, AWAITED, *changes.BY_DAY})
STREAMED = 2_000


def rows(which: str, sight: Sight, *, after: Key | None = None, limit: int | None = 50) -> Rows:
    """One page; the key is the day with the id, or the id alone with any day."""
    if which in CHANGES:
        return changed(which, sight.asked, sight.monday, sight.picked, after=after, limit=limit)
    return _paged(which, sight, after, limit).rows()


@lru_cache(maxsize=64)
def _paged(which: str, sight: Sight, after: Key | None, limit: int | None) -> Paged:
    """Putting it together takes longer than asking it: kept for who looks again."""
    span = (condition(which, sight), sight.asked, sight.picked)
    if which in IN_REVIEW:
        return by_review(*span, after=after, limit=limit)
    order = by_day if which in BY_DAY else by_id
    return order(*span, after=after, limit=limit)


def key_of(which: str, row: Row[Any]) -> Key:
    """Where a page ends, to go on from."""
    if which in IN_REVIEW:
        return row.review_by, row.id
    return (row.awaited_by if which in BY_DAY else date.min), row.id


def seen(which: str, sight: Sight) -> Sight:
    """As of when a list is told."""
    return replace(sight, asked=sight.week_before) if which == BEFORE else sight


def periods_of(which: str, sight: Sight) -> str:
    """The periods that a list is about by itself, in words."""
    return trends.named(trends.last_closed(sight)) if which in LATEST else ""


def every(which: str, sight: Sight) -> Iterator[Row[Any]]:
    """All of a list for an export, page by page."""
    after: Key | None = None
    while found := rows(which, sight, after=after, limit=STREAMED):
        yield from found
        after = key_of(which, found[-1])


def number(which: str, sight: Sight) -> int:
    if which in trends.COUNTED:
        return sum(getattr(turn, which) for turn in trends.trend(sight))
    if which in CHANGES:
        return changes.number_changed(which, sight.asked, sight.monday, sight.picked)
    if which in LATEST:
        return sum(getattr(turn, LATEST[which]) for turn in trends.last_closed(sight))
    return db.session.scalar(select(number_in(which, sight))) or 0


def number_in(which: str, sight: Sight) -> ColumnElement[int]:
    """As a value inside a larger query."""
    if which in CHANGES:
        return changes.number_in(which, sight.asked, sight.monday, sight.picked)
    return number_where(condition(which, sight), sight.asked, sight.picked)


def condition(which: str, sight: Sight) -> Condition:
    """What makes an obligation one of a list that is told by where it stands."""
    if which in trends.COUNTED:
        return lambda then: trends.conditions(then)[which]
    if which in LATEST:
        among = trends.of_turns(trends.last_closed(sight))
        return lambda then: trends.conditions(then)[LATEST[which]] & among
    return lambda then: {
        OVERDUE: then.awaited_by < sight.day,
        NEAR: then.awaited_by.between(sight.day, sight.soon),
        GREEN: then.awaited_by > sight.soon,
        AWAITED: then.awaited_by.is_not(None),
        REVIEW: then.status == FILED,
        REVIEW_LATE: (then.status == FILED) & _is_late_in_review(sight),
        WITHOUT_UNIT: then.status == UNASSIGNED,
    }[which]


def _is_late_in_review(sight: Sight) -> ColumnElement[bool]:
    """What the office had not decided by its own day; of what waits now, an index knows it."""
    if not sight.asked.is_live:
        return backlog.is_late(sight.asked)
    own = select(Notice.id).where(Notice.office_id == sight.picked.office)
    late = (Report.state == reports.FILED, Report.review_by < sight.day)
    return Obligation.id.in_(select(Report.obligation_id).where(Report.notice_id.in_(own), *late))
