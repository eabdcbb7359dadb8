"""Progress by period: how much was expected, filed on time, filed late, and is still missing.

Now it is read from the tally; narrowed by what the tally does not know, or as of a day that has
passed, it is counted from the obligations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import db
from tracker.notices.models import Notice
from tracker.supervision.knowing import Known
from tracker.supervision.selecting import found
from tracker.supervision.sight import Sight
from tracker.tasks import tallying
from tracker.tasks.models import Calendar, Obligation, Tally
from tracker.tasks.periods import period_named
from tracker.tasks.picking import Picked
from tracker.tasks.states import ACCEPTED, FILED, PROGRESS, RETURNED

COUNTED = EXPECTED, ON_TIME, LATE, MISSING = "expected", "on_time", "late", "missing"
PER_CENT = 100
DUE_WORKDAYS = 10


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One period of one role. What is missing is expected and not filed yet."""

    period: str
    role: str
    expected: int
    on_time: int
    late: int
    # How long after a period the last of its reports is due.
    due_workdays: int = DUE_WORKDAYS

    @property
    def missing(self) -> int:
        return self.expected - self.on_time - self.late

    @property
    def rate(self) -> int | None:
        return rate(self.on_time, self.expected)

    @property
    def ends(self) -> date:
        return period_named(self.period).ends


def rate(part: int, whole: int) -> int | None:
    """Rounded down: a hundred per cent is all of it."""
    return part * PER_CENT // whole if whole else None


def trend(sight: Sight) -> list[Turn]:
    """By role and period, the earliest first."""
    query = _from_tally(sight.picked) if in_tally(sight) else _counted(sight)
    found = [
        Turn(
            period=row.period,
            role=row.role,
            expected=row[2],
            on_time=row[3],
            late=row[4],
            due_workdays=row[5] or DUE_WORKDAYS,
        )
        for row in db.session.execute(query)
        if row[2]
    ]
    return sorted(found, key=lambda turn: (turn.role, turn.ends, turn.period))


def in_tally(sight: Sight) -> bool:
    """Whether the tally knows all that is asked for."""
    return sight.asked.is_live and not (sight.picked.adoption or sight.picked.city)


def _from_tally(picked: Picked) -> Select[*tuple[Any, ...]]:
    counts = (Tally.expected, Tally.filed_on_time, Tally.filed_late)
    sums: list[Any] = [func.sum(one) for one in counts]
    query = select(*[Tally.period, Tally.role, *sums, _due_workdays()])
    return query.where(*tally_where(picked)).group_by(Tally.period, Tally.role)


def _due_workdays() -> ScalarSelect[int]:
    return select(func.max(Calendar.due_workdays)).scalar_subquery()


def tally_where(picked: Picked) -> list[ColumnElement[bool]]:
    """The filters that the tally knows."""
    columns: dict[str, InstrumentedAttribute[int] | InstrumentedAttribute[str]] = {
        "notice": Tally.notice_id,
        "unit": Tally.unit_id,
        "role": Tally.role,
        "period": Tally.period,
    }
    chosen = picked.chosen
    where = [column == chosen[name] for name, column in columns.items() if name in chosen]
    if picked.office:
        supervised = select(Notice.id).where(Notice.office_id == picked.office)
        where.append(Tally.notice_id.in_(supervised))
    return where


def _counted(sight: Sight) -> Select[*tuple[Any, ...]]:
    def columns(then: Known) -> Sequence[Any]:
        told = conditions(sight, then)
        filed = [case((told[name], 1), else_=0).label(name) for name in (ON_TIME, LATE)]
        return [Obligation.period, Obligation.role, *filed]

    def expected(then: Known) -> ColumnElement[bool]:
        return conditions(sight, then)[EXPECTED]

    own = found(expected, sight.asked, sight.picked, columns).subquery()
    sums = [func.sum(own.c[name]) for name in (ON_TIME, LATE)]
    query = select(*[own.c.period, own.c.role, func.count(), *sums, _due_workdays()])
    return query.group_by(own.c.period, own.c.role)


def conditions(sight: Sight, then: Known) -> dict[str, ColumnElement[bool]]:
    """What each count counts, as of now or as of then."""
    progress = Obligation.kind == PROGRESS
    if sight.asked.is_live:
        now = tallying.conditions()
        expected, on_time, late = (
            progress & now[name] for name in ("expected", "filed_on_time", "filed_late")
        )
    else:
        expected = progress & then.status.not_in(tallying.NOT_EXPECTED)
        filed = then.status.in_((FILED, RETURNED, ACCEPTED))
        was_late = Obligation.is_late.is_(True)
        on_time, late = expected & filed & ~was_late, expected & filed & was_late
    return {
        EXPECTED: expected,
        ON_TIME: on_time,
        LATE: late,
        MISSING: expected & ~on_time & ~late,
    }


def closed(turns: Iterable[Turn], sight: Sight) -> list[Turn]:
    """Those periods whose reports should all be there."""
    after = sight.workdays.after
    return [turn for turn in turns if after(turn.ends, turn.due_workdays) < sight.day]


def latest(turns: Sequence[Turn], *, back: int = 0) -> list[Turn]:
    """Each role's last period; `back` so many before it."""
    roles: dict[str, list[Turn]] = {}
    for turn in turns:
        roles.setdefault(turn.role, []).append(turn)
    return [own[-1 - back] for own in roles.values() if len(own) > back]
