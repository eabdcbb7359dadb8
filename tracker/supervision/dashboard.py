"""The office's dashboard: what matters in numbers, how they changed in a week, and the lights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select, true

from tracker.db import ask
from tracker.reports import states as reports
from tracker.reports.models import Report
from tracker.supervision import changes, listing, trends
from tracker.supervision.counting import Cell, Days, days, in_cells
from tracker.supervision.knowing import Known, known
from tracker.supervision.listing import REVIEW, REVIEW_LATE
from tracker.supervision.overdue import ON_THE_PAGE, Paged, rows_of
from tracker.supervision.scoring import rate
from tracker.supervision.selecting import came, left
from tracker.supervision.sight import Sight
from tracker.supervision.trends import Turn
from tracker.tasks.lights import GREEN, GREY, RED, YELLOW
from tracker.tasks.models import Obligation
from tracker.tasks.tallying import sum_of

# Told beside what they were as the week began.
AS_THE_WEEK_BEGAN = {"overdue": listing.OVERDUE, "near": listing.NEAR, "review": REVIEW}


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
        """How many are late or come due: what is on track needs no number beside these."""
        return self.red or self.yellow or None


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
    settled: int
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
    def latest_periods(self) -> str:
        return trends.named(trends.latest(self.closed))

    @property
    def rate(self) -> int | None:
        return rate(*self.on_time)

    @property
    def rate_before(self) -> int | None:
        last = trends.latest(self.closed, back=1)
        on_time, expected = sum(t.on_time for t in last), sum(t.expected for t in last)
        return rate(on_time, expected)


def board(sight: Sight) -> Board:
    awaited = days(sight.asked, sight.picked)
    found = in_cells(awaited, sight.asked, sight.soon)
    turns = trends.trend(sight)
    return Board(
        numbers=_numbers(sight, awaited, found),
        by_unit=worst_first(summed(found, lambda cell: cell.unit_id)),
        by_notice={line.id: line for line in summed(found, lambda cell: cell.notice_id)},
        by_city={line.id: line for line in summed(found, lambda cell: cell.city_id)},
        turns=turns,
        closed=trends.closed(turns, sight),
    )


def _numbers(sight: Sight, awaited: Days, found: Sequence[Cell]) -> Numbers:
    told, before = _told(sight), _before(sight)
    began, soon = before.day, before.soon
    was = {name: told[f"{name}_left"] - told[f"{name}_came"] for name in AS_THE_WEEK_BEGAN}
    for _, day, _, _, number in awaited:
        if day < began:
            was["overdue"] += number
        elif day <= soon:
            was["near"] += number
    overdue = sum(cell.red for cell in found)
    return Numbers(
        overdue=overdue,
        near=sum(cell.yellow for cell in found),
        review=told["review"],
        overdue_before=was["overdue"],
        near_before=was["near"],
        review_before=was["review"] + told["review"],
        # What was overdue as the week began, and what came, is gone or is overdue now.
        newly=overdue - was["overdue"] + told["met"] + told["settled"],
        met=told["met"],
        settled=told["settled"],
        review_late=told["review_late"],
    )


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """The most overdue first; of the same number the one that is late the longest."""
    return sorted(lines, key=lambda line: (-line.red, -line.yellow, line.oldest or date.max))


def summed(found: Iterable[Cell], key: Callable[[Cell], int | None]) -> list[Line]:
    """Cells put together by what they have in common."""
    groups: dict[int, list[Cell]] = {}
    for cell in found:
        common = key(cell)
        if common is not None:
            groups.setdefault(common, []).append(cell)
    return [
        Line(
            id=common,
            red=sum([cell.red for cell in own]),
            yellow=sum([cell.yellow for cell in own]),
            green=sum([cell.green for cell in own]),
            oldest=min([cell.oldest for cell in own]),
        )
        for common, own in groups.items()
    ]


def _before(sight: Sight) -> Sight:
    return replace(sight, asked=sight.week_before)


def _told(sight: Sight) -> dict[str, int]:
    """What moved in the week, and what waits for review, in one query."""
    return dict(ask(_week(sight)).mappings().one())


@lru_cache(maxsize=64)
def _week(sight: Sight) -> Select[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    before = _before(sight)
    conditions = {
        name: listing.condition(which, before) for name, which in AS_THE_WEEK_BEGAN.items()
    }

    def as_it_began(then: Known, how: str) -> list[Any]:
        return [sum_of(one(then)).label(f"{name}_{how}") for name, one in conditions.items()]

    span = (sight.monday_morning, sight.asked, sight.picked)
    was = left(lambda then: as_it_began(then, "left"), *span).subquery()
    new = came(lambda now: as_it_began(now, "came"), *span).subquery()
    went = changes.gone(sight.asked, sight.monday, sight.picked).subquery()
    review = {which: listing.number_in(which, sight) for which in (REVIEW, REVIEW_LATE)}
    columns = [number.label(which) for which, number in review.items()]
    moved = was.join(new, true()).join(went, true())
    return select(*was.c, *new.c, *went.c, *columns).select_from(moved)


def backlog(sight: Sight, *, limit: int = 5) -> Sequence[Row[Any]]:
    """What waits for review now, the reviewer's own nearest day first."""
    return _backlog(sight, limit).rows()


@lru_cache(maxsize=64)
def _backlog(sight: Sight, limit: int) -> Paged:
    then, waits = known(sight.asked), listing.condition(REVIEW, sight)
    waiting = select(Obligation.id).join(Report, Report.obligation_id == Obligation.id)
    waiting = waiting.where(Report.state == reports.FILED, waits(then), *sight.picked.where())
    until = select(Report.review_by).where(Report.obligation_id == Obligation.id)
    day = until.scalar_subquery().label("review_by")
    told = rows_of(then).add_columns(day).order_by(day, Obligation.id)
    return Paged(
        ids=waiting.order_by(Report.review_by, Obligation.id).limit(limit),
        told=told.where(Obligation.id.in_(ON_THE_PAGE)),
    )
