"""The office's dashboard: what matters in numbers, how they changed in a week, and the lights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select

from tracker.db import db
from tracker.reports import states as reports
from tracker.reports.models import Report
from tracker.supervision import changes, listing, trends
from tracker.supervision.changes import MET, SETTLED
from tracker.supervision.counting import cells
from tracker.supervision.knowing import known
from tracker.supervision.overdue import rows_of
from tracker.supervision.selecting import numbers_before
from tracker.supervision.sight import Sight
from tracker.supervision.trends import Turn
from tracker.tasks.lights import GREEN, GREY, RED, YELLOW
from tracker.tasks.models import Obligation


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is awaited of one unit, for one notice or in one city."""

    id: int
    red: int = 0
    yellow: int = 0
    green: int = 0
    oldest: date | None = None

    @property
    def light(self) -> str:
        """One for all of it: the worst there is."""
        counts = ((RED, self.red), (YELLOW, self.yellow), (GREEN, self.green))
        return next((name for name, count in counts if count), GREY)

    @property
    def worst(self) -> int | None:
        """How many there are of what the light says."""
        return self.red or self.yellow or self.green or None


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The numbers of the first row, and what they were as the week began."""

    overdue: int
    near: int
    review: int
    overdue_before: int
    near_before: int
    review_before: int
    newly: int
    met: int
    review_late: int


@dataclass(frozen=True, kw_only=True)
class Board:
    numbers: Numbers
    by_unit: Sequence[Line]
    by_notice: Mapping[int, Line]
    by_city: Mapping[int, Line]
    turns: Sequence[Turn]
    closed: Sequence[Turn]

    @property
    def nothing(self) -> Line:
        """Where nothing is awaited."""
        return Line(id=0)

    @property
    def on_time(self) -> tuple[int, int]:
        """Filed on time and expected, of each role's last period that is closed."""
        last = trends.latest(self.closed)
        return sum(turn.on_time for turn in last), sum(turn.expected for turn in last)

    @property
    def rate(self) -> int | None:
        return trends.rate(*self.on_time)

    @property
    def rate_before(self) -> int | None:
        last = trends.latest(self.closed, back=1)
        on_time, expected = sum(t.on_time for t in last), sum(t.expected for t in last)
        return trends.rate(on_time, expected)


def board(sight: Sight) -> Board:
    found = cells(sight.asked, sight.soon, sight.picked)
    told, overdue = _told(sight), sum(cell.red for cell in found)
    # What was overdue as the week began is gone or stays; the rest is new.
    stayed = told["overdue_before"] - told["met"] - told.pop("settled")
    turns = trends.trend(sight)
    return Board(
        numbers=Numbers(
            overdue=overdue,
            near=sum(cell.yellow for cell in found),
            newly=overdue - stayed,
            **told,
        ),
        by_unit=worst_first(summed(found, lambda cell: cell.unit_id)),
        by_notice={line.id: line for line in summed(found, lambda cell: cell.notice_id)},
        by_city={line.id: line for line in summed(found, lambda cell: cell.city_id)},
        turns=turns,
        closed=trends.closed(turns, sight),
    )


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """The most overdue first; of the same number the one that is late the longest."""
    return sorted(lines, key=lambda line: (-line.red, -line.yellow, line.oldest or date.max))


def summed(found: Iterable[Row[Any]], key: Callable[[Row[Any]], int | None]) -> list[Line]:
    """Cells put together by what they have in common."""
    groups: dict[int, list[Row[Any]]] = {}
    for cell in found:
        common = key(cell)
        if common is not None:
            groups.setdefault(common, []).append(cell)
    return [
        Line(
            id=common,
            red=sum(cell.red for cell in own),
            yellow=sum(cell.yellow for cell in own),
            green=sum(cell.green for cell in own),
            oldest=min(cell.oldest for cell in own),
        )
        for common, own in groups.items()
    ]


def _told(sight: Sight) -> dict[str, int]:
    """All that is a single number, in one query."""
    return dict(db.session.execute(_numbers(sight)).mappings().one())


@lru_cache(maxsize=64)
def _numbers(sight: Sight) -> Select[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    week, picked = sight.week_before, sight.picked
    before = replace(sight, asked=week)
    then = {
        "overdue_before": listing.condition(listing.OVERDUE, before),
        "near_before": listing.condition(listing.NEAR, before),
        "review_before": listing.condition(listing.REVIEW, before),
    }
    now = {
        "review": listing.number_in(listing.REVIEW, sight),
        "review_late": listing.number_in(listing.REVIEW_LATE, sight),
        "met": changes.number_in(MET, sight.asked, sight.monday, picked),
        "settled": changes.number_in(SETTLED, sight.asked, sight.monday, picked),
    }
    columns = [number.label(name) for name, number in now.items()]
    return numbers_before(then, sight.monday_morning, week.day, picked).add_columns(*columns)


def backlog(sight: Sight, *, limit: int = 5) -> Sequence[Row[Any]]:
    """What waits for review, the reviewer's own nearest day first."""
    order = (Report.review_by, Obligation.id)
    waiting = select(Obligation.id).join(Report, Report.obligation_id == Obligation.id)
    waiting = waiting.where(
        Report.state == reports.FILED, Obligation.id.in_(listing.ids(listing.REVIEW, sight))
    )
    ids = db.session.scalars(waiting.order_by(*order).limit(limit)).all()
    query = rows_of(known(sight.asked)).add_columns(Report.review_by)
    query = query.join(Report, Report.obligation_id == Obligation.id)
    rows = query.where(Obligation.id.in_(ids)).order_by(*order)
    return db.session.execute(rows).all()
