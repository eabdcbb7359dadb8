"""How the overdue list changed since a day: what is new on it, what stayed, what was met.

What was overdue on the morning of `since` stays, was met (filed), or went otherwise (put off,
waived, ended): the three together are all of it. What is overdue now stayed, or is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, func, select

from tracker.db import db
from tracker.supervision.knowing import AsOf, Known, known, morning_of
from tracker.supervision.overdue import Key, Rows, overdue_ids, paged, rows_of
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
    then = known(asked)
    query = rows_of(then).where(*_where(which, then, asked, since, picked))
    if which in (NEWLY, STILL):
        return paged(query, then, after=after, limit=limit)
    if after:
        query = query.where(Obligation.id > after[1])
    query = query.order_by(Obligation.id)
    return db.session.execute(query.limit(limit) if limit else query).all()


def number_changed(which: str, asked: AsOf, since: date, picked: Picked = EVERYTHING) -> int:
    then = known(asked)
    query = then.join(select(func.count()).select_from(Obligation))
    where = _where(which, then, asked, since, picked)
    return db.session.scalar(query.where(*where)) or 0


def _where(
    which: str, then: Known, asked: AsOf, since: date, picked: Picked
) -> list[ColumnElement[bool]]:
    before = Obligation.id.in_(overdue_ids(morning_of(since), picked))
    late = then.awaited_by < asked.day
    filed = then.status.in_((FILED, ACCEPTED))
    gone = then.awaited_by.is_(None) | (then.awaited_by >= asked.day)
    own = picked.where(then.unit_id)
    conditions: Mapping[str, list[ColumnElement[bool]]] = {
        NEWLY: [late, ~before, *own],
        STILL: [late, before, *own],
        MET: [before, gone, filed],
        SETTLED: [before, gone, ~filed],
    }
    return conditions[which]
