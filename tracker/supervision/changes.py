"""How the overdue list changed since a day: what is new on it, what stayed, what was met.

What was overdue on the morning of `since` stays, was met (filed), or went otherwise (put off,
waived, ended): the three together are all of it. What is overdue now stayed, or is new.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, literal, select

from tracker.clock import start_of
from tracker.db import db
from tracker.supervision.knowing import AsOf, Known, morning_of
from tracker.supervision.overdue import Key, Rows, by_day, by_id, overdue_ids
from tracker.supervision.selecting import Condition, found, moved_meanwhile, number_of, number_where
from tracker.tasks.models import Obligation
from tracker.tasks.picking import EVERYTHING, Picked
from tracker.tasks.states import ACCEPTED, FILED

NEWLY, STILL, MET, SETTLED = "newly", "still", "met", "settled"
CHANGES = {NEWLY: "新增逾期", STILL: "持续逾期", MET: "已补报", SETTLED: "其他方式了结"}


def changed(
    which: str,
    asked: AsOf,
    since: date,
    picked: Picked = EVERYTHING,
    *,
    after: Key | None = None,
    limit: int | None = 50,
) -> Rows:
    """One of CHANGES as rows, the day it was awaited by first.

    What nothing is awaited of any more is in the order of its id, with no day: page by
    `after=(date.min, id)`.
    """
    condition = _condition(which, asked, since, picked)
    order = by_day if which in (NEWLY, STILL) else by_id
    return order(condition, asked, _held(which, picked), after=after, limit=limit).rows()


def number_changed(which: str, asked: AsOf, since: date, picked: Picked = EVERYTHING) -> int:
    return db.session.scalar(select(number_in(which, asked, since, picked))) or 0


def number_in(
    which: str, asked: AsOf, since: date, picked: Picked = EVERYTHING
) -> ColumnElement[int]:
    """As a value inside a larger query. What was overdue is gone or stays; the rest is new."""
    if which in (MET, SETTLED):
        return _number_gone(which, asked, since, picked)
    gone = (_number_gone(one, asked, since, picked) for one in (MET, SETTLED))
    still = number_where(_late(since), morning_of(since), picked) - sum(gone, literal(0))
    return still if which == STILL else number_where(_late(asked.day), asked, picked) - still


def _number_gone(which: str, asked: AsOf, since: date, picked: Picked) -> ColumnElement[int]:
    return number_of(found(_condition(which, asked, since, picked), asked))


def _held(which: str, picked: Picked) -> Picked:
    """What is gone is looked for with who held it before, whoever holds it now."""
    return picked if which in (NEWLY, STILL) else EVERYTHING


def _late(day: date) -> Condition:
    return lambda then: then.awaited_by < day


def _condition(which: str, asked: AsOf, since: date, picked: Picked) -> Condition:
    morning = morning_of(since)

    def of(then: Known) -> ColumnElement[bool]:
        late = _late(asked.day)(then)
        if which in (NEWLY, STILL):
            before = Obligation.id.in_(overdue_ids(morning, picked))
            return late & before if which == STILL else late & ~before
        # Nothing is gone that has not moved since: only there it is looked for.
        before = Obligation.id.in_(moved_meanwhile(_late(since), start_of(since), picked))
        return before & _is_gone(then, asked.day)[which]

    return of


def gone(before: Known, now: Known, *, since: date, day: date) -> dict[str, ColumnElement[bool]]:
    """Of what moved: the conditions by which MET and SETTLED are told, from both its ends."""
    late = _late(since)(before)
    return {which: late & how for which, how in _is_gone(now, day).items()}


def _is_gone(then: Known, day: date) -> dict[str, ColumnElement[bool]]:
    gone = then.awaited_by.is_(None) | (then.awaited_by >= day)
    filed = then.status.in_((FILED, ACCEPTED))
    return {MET: gone & filed, SETTLED: gone & ~filed}
