"""Progress by period: how much was expected, filed on time, filed late, and is still missing.

It is read from the tally; narrowed by what the tally does not know, it is counted from the
obligations. As of a day that has passed, what moved since is put back to how it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    case,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import ask
from tracker.notices.models import Notice
from tracker.supervision.knowing import Known, known
from tracker.supervision.scoring import rate
from tracker.supervision.selecting import LIVE, came, left
from tracker.supervision.sight import Sight
from tracker.tasks import tallying
from tracker.tasks.models import Calendar, Obligation, Tally
from tracker.tasks.periods import labels_of, period_named
from tracker.tasks.picking import Picked, adopting, adopting_otherwise
from tracker.tasks.states import ACCEPTED, FILED, OBLIGATIONS, PROGRESS

COUNTED = EXPECTED, ON_TIME, LATE, MISSING = "expected", "on_time", "late", "missing"
NOT_FILED = sorted(OBLIGATIONS.keys() - {*tallying.NOT_EXPECTED, FILED, ACCEPTED})
TALLIED = Tally.expected, Tally.filed_on_time, Tally.filed_late
Rows = Select[*tuple[Any, ...]]
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


def trend(sight: Sight) -> list[Turn]:
    """By role and period, the earliest first."""
    found = [
        Turn(
            period=row.period,
            role=row.role,
            expected=row.expected,
            on_time=row.on_time,
            late=row.late,
            due_workdays=row.due_workdays or DUE_WORKDAYS,
        )
        for row in ask(_trend(sight))
        if row.expected
    ]
    return sorted(found, key=lambda turn: (turn.role, turn.ends, turn.period))


def in_tally(sight: Sight) -> bool:
    """Whether the tally knows what is asked for; of how lists are adopted it knows the notices."""
    return not (sight.picked.city or sight.picked.kind)


@lru_cache(maxsize=64)
def _trend(sight: Sight) -> Select[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    rows = _from_tally(sight.picked) if in_tally(sight) else [_counted(sight.picked)]
    since = sight.asked.known
    if since is not None:
        gone = left(lambda before: _signed(before, 1), since, LIVE, sight.picked)
        put = came(lambda after: _signed(after, -1), since, LIVE, sight.picked)
        rows += [gone, put]
    each = union_all(*rows).subquery()
    sums = [func.sum(each.c[name]).label(name) for name in (EXPECTED, ON_TIME, LATE)]
    query = select(*[each.c.period, each.c.role, *sums, _due_workdays().label("due_workdays")])
    return query.group_by(each.c.period, each.c.role)


def _from_tally(picked: Picked) -> list[Rows]:
    counts = zip((EXPECTED, ON_TIME, LATE), TALLIED, strict=True)
    columns: list[Any] = [column.label(name) for name, column in counts]
    tallied = select(*[Tally.period, Tally.role, *columns]).where(*tally_where(picked))
    if not picked.adoption:
        return [tallied]
    other = adopting_otherwise(picked.adoption)
    tallied = tallied.where(
        Tally.notice_id.in_(adopting(picked.adoption)), Tally.notice_id.not_in(other)
    )
    return [tallied, _counted(picked, among=other)]


def _signed(then: Known, sign: int) -> list[Any]:
    """What an obligation adds to the counts."""
    told = conditions(then)
    counts = [case((told[name], sign), else_=0).label(name) for name in (EXPECTED, ON_TIME, LATE)]
    return [Obligation.period, Obligation.role, *counts]


def _due_workdays() -> ScalarSelect[int]:
    return select(func.max(Calendar.due_workdays)).scalar_subquery()


def tally_where(picked: Picked) -> list[ColumnElement[bool]]:
    """The filters that the tally knows of itself."""
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


def _counted(picked: Picked, *, among: Select[*tuple[int]] | None = None) -> Rows:
    now = known(LIVE)
    return select(*_signed(now, 1)).where(conditions(now)[EXPECTED], *picked.where(among=among))


def conditions(then: Known) -> dict[str, ColumnElement[bool]]:
    """What each count counts, as of now or as of then: of now as the tally counts it."""
    expected = (Obligation.kind == PROGRESS) & then.status.not_in(tallying.NOT_EXPECTED)
    # By the states in which something can be missing, an index finds what is.
    missing = (Obligation.kind == PROGRESS) & then.status.in_(NOT_FILED) & ~then.is_filed
    is_late = Obligation.is_late
    return {
        EXPECTED: expected,
        ON_TIME: expected & then.is_filed & is_late.is_(False),
        LATE: expected & then.is_filed & is_late.is_(True),
        MISSING: missing,
    }


def of_turns(turns: Iterable[Turn]) -> ColumnElement[bool]:
    """What belongs to one of them."""
    own = [(Obligation.role == turn.role) & (Obligation.period == turn.period) for turn in turns]
    return or_(false(), *own)


def last_closed(sight: Sight) -> list[Turn]:
    return latest(closed(trend(sight), sight))


def closed(turns: Iterable[Turn], sight: Sight) -> list[Turn]:
    """Those periods whose reports should all be there."""
    after = sight.workdays.after
    return [turn for turn in turns if after(turn.ends, turn.due_workdays) < sight.day]


def named(turns: Iterable[Turn]) -> str:
    """The periods in words."""
    return labels_of(turn.period for turn in turns)


def latest(turns: Sequence[Turn], *, back: int = 0) -> list[Turn]:
    """Each role's last period; `back` so many before it."""
    roles: dict[str, list[Turn]] = {}
    for turn in turns:
        roles.setdefault(turn.role, []).append(turn)
    return [own[-1 - back] for own in roles.values() if len(own) > back]
