"""A city: what it owes and when, and how it stands beside the middle of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, func, select

from tracker.db import ask, db
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.supervision import landing, trends
from tracker.supervision.scoring import rate
from tracker.supervision.sight import Sight
from tracker.supervision.stages import middle
from tracker.tasks.models import Obligation, Tally, Task
from tracker.tasks.picking import Picked
from tracker.tasks.states import LOCAL
from tracker.tasks.tallying import sum_of

Numbers = Mapping[int, int | None]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One thing that is compared: the city's own number, and the median of the others."""

    words: str
    own: int | None
    others: int | None
    unit: str = ""


def owed(city_id: int, sight: Sight) -> list[Row[Any]]:
    """What is awaited, counted by notice, period and day, the nearest first; calls too."""
    day = Obligation.awaited_by
    by: list[Any] = [Notice.slug, Notice.short_title, Obligation.period, Obligation.kind, day]
    query = (
        select(*by, func.count().label("number"))
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(Obligation.city_id == city_id, day.is_not(None), *_every_role(sight).where())
    )
    grouped = query.group_by(*by).order_by(day, Notice.slug, Obligation.period)
    rows: Iterable[Row[Any]] = db.session.execute(grouped)
    return list(rows)


def beside(city_id: int, sight: Sight) -> list[Beside]:
    """Three numbers; a median of the others, no order of them."""
    landed = _landed(sight)
    numbers: Sequence[tuple[str, Numbers, str]] = (
        ("逾期未报", _overdue(sight, landed), "项"),
        ("最近一期按时率", _on_time(sight), "%"),
        ("已落地的属地任务", landed, "%"),
    )
    return [
        Beside(
            words=words,
            own=known.get(city_id),
            others=middle(number for city, number in known.items() if city != city_id),
            unit=unit,
        )
        for words, known, unit in numbers
    ]


def _every_role(sight: Sight) -> Picked:
    """Local tasks and what a city was called for: the same in counts and in lists."""
    return replace(sight.picked, role="")


def _overdue(sight: Sight, cities: Numbers) -> Numbers:
    """Nought too: every city that has local tasks is in the middle of it."""
    query = select(Obligation.city_id, func.count().label("number")).where(
        # Named even where it is anybody's: the index of the lights begins with the notice.
        Obligation.notice_id.in_(select(Notice.id)),
        Obligation.awaited_by < sight.day,
        *_every_role(sight).where(),
    )
    rows = ask(query.group_by(Obligation.city_id))
    red = {row.city_id: row.number for row in rows}
    return {city: red.get(city, 0) for city in cities}


def _on_time(sight: Sight) -> Numbers:
    """Of the last half-year, or what else a local period is, that is closed."""
    last = trends.last_closed(sight)
    periods = [turn.period for turn in last if turn.role == LOCAL]
    sums = [func.sum(Tally.filed_on_time).label("on_time"), func.sum(Tally.expected).label("all")]
    query = (
        select(*[Unit.city_id, *sums])
        .join(Unit, Tally.unit_id == Unit.id)
        .where(Tally.role == LOCAL, Tally.period.in_(periods), *trends.tally_where(sight.picked))
        .group_by(Unit.city_id)
    )
    rows = db.session.execute(query.where(Unit.city_id.is_not(None)))
    return {row.city_id: rate(row.on_time, row.all) for row in rows}


def _landed(sight: Sight) -> Numbers:
    landed = sum_of(Task.is_landed.is_(True)).label("landed")
    query = select(Task.city_id, landed, func.count().label("all")).where(
        Task.role == LOCAL, landing.in_force(), Task.city_id.is_not(None)
    )
    if sight.picked.office:
        own = select(Notice.id).where(Notice.office_id == sight.picked.office)
        query = query.where(Task.notice_id.in_(own))
    rows = db.session.execute(query.group_by(Task.city_id))
    return {row.city_id: rate(row.landed, row.all) for row in rows}
