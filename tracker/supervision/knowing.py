"""As of when: what the tracker knows now, or knew at a moment, about who owes what by when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from tracker.clock import end_of, start_of
from tracker.tasks.models import Move, Obligation
from tracker.tasks.states import ACCEPTED, FILED, RETURNED


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """Lateness is reckoned for `day`, from what was recorded before `known`; None: all of it."""

    day: date
    known: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.known is None


def as_of(day: date, *, today: date) -> AsOf:
    """A day that has passed as it was known at its 24:00; today and days to come as known now."""
    return AsOf(day=day, known=end_of(day) if day < today else None)


def morning_of(day: date) -> AsOf:
    """As a day began, before anybody did anything on it: what its digests told."""
    return AsOf(day=day, known=start_of(day))


def as_made(day: date, made_at: datetime) -> AsOf:
    """As something was told that is kept; made later, it tells what was known as its day ended."""
    moment = made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)
    return AsOf(day=day, known=min(moment, end_of(day)))


@dataclass(frozen=True, kw_only=True)
class Known:
    """The columns of an obligation that change, as of when; `join` puts them into a query."""

    unit_id: ColumnElement[Any]
    status: ColumnElement[Any]
    awaited_by: ColumnElement[Any]
    is_filed: ColumnElement[bool]
    join: Callable[[Select[Any]], Select[Any]] = lambda query: query

    @classmethod
    def by(
        cls,
        told: type[Obligation | Move],
        join: Callable[[Select[Any]], Select[Any]] = lambda query: query,
    ) -> Known:
        """As an obligation tells it, or one of its events."""
        return cls(
            unit_id=told.unit_id.expression,
            status=told.status.expression,
            awaited_by=told.awaited_by.expression,
            is_filed=_is_filed(told),
            join=join,
        )


def _is_filed(told: type[Obligation | Move]) -> ColumnElement[bool]:
    """Whether a filing counts: an event does not know the first one, and says it by its state."""
    if told is Obligation:
        return Obligation.first_filed_on.is_not(None)
    return told.status.in_((FILED, RETURNED, ACCEPTED))


def known(asked: AsOf) -> Known:
    """Now: the obligation itself. Then: its last event that was recorded by then."""
    return now() if asked.known is None else known_before(asked.known)


@cache
def now() -> Known:
    """The obligation itself."""
    return Known.by(Obligation)


def known_before(moment: datetime) -> Known:
    """The last event before a moment, looked up for each obligation by itself.

    Grouped for all of them at once, PostgreSQL reads every event there is.
    """
    then, earlier = aliased(Move), aliased(Move)
    last = (
        select(func.max(earlier.id))
        .where(earlier.obligation_id == Obligation.id, earlier.recorded_at < moment)
        .correlate(Obligation)
        .scalar_subquery()
    )
    return Known.by(then, lambda query: query.join(then, then.id == last))


def moved_since(moment: datetime, until: datetime | None = None) -> Select[*tuple[int]]:
    """As a subquery: the obligations that something has happened to from a moment on."""
    happened = select(Move.obligation_id).where(Move.recorded_at >= moment)
    return happened.where(Move.recorded_at < until) if until else happened
