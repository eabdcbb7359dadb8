"""What has come due as of a day, and how each of it was met: one count for drafts and papers.

Due is what is expected and whose day has passed, the one it was put off to counting. Each of it
was filed on time, filed late or is missing. What is overdue is missing, or came back from review
and was not put right in time. What stands still under a dispute is not due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from tracker.db import db
from tracker.supervision.knowing import AsOf, moved_since
from tracker.supervision.replaying import Stood, stood
from tracker.supervision.scoring import LATE, MISSING, ON_TIME
from tracker.tasks.models import Obligation
from tracker.tasks.picking import Picked
from tracker.tasks.states import ACCEPTED
from tracker.tasks.tallying import NOT_EXPECTED

MET = {ON_TIME: "按时报送", LATE: "逾期报送", MISSING: "逾期未报"}
# Filed, and sent back; the day to put it right has passed.
CORRECTING = "correcting"
CORRECTING_WORD = "退回后逾期未补正"


@dataclass(frozen=True, kw_only=True)
class Due:
    """One obligation that came due, by the day it was issued for or put off to."""

    id: int
    notice_id: int
    issued: date
    outcome: str
    is_accepted: bool
    is_overdue: bool


def due(asked: AsOf, picked: Picked) -> list[Due]:
    """All of it by then, in no order."""
    if asked.known is None:
        return list(_standing(asked, picked))
    moved = Obligation.id.in_(moved_since(asked.known))
    then = (_of_then(one, asked.day) for one in stood([moved, *picked.where()], asked.known))
    return [*_standing(asked, picked, ~moved), *(one for one in then if one)]


def _standing(asked: AsOf, picked: Picked, *where: ColumnElement[bool]) -> Iterator[Due]:
    """As the obligations themselves tell it: those that nothing has happened to since."""
    issued = func.coalesce(Obligation.extended_to, Obligation.due_on)
    query = select(
        Obligation.id,
        Obligation.notice_id,
        Obligation.status,
        Obligation.awaited_by,
        Obligation.first_filed_on,
        Obligation.is_late,
        issued.label("issued"),
    ).where(Obligation.status.not_in(NOT_EXPECTED), issued < asked.day, *picked.where(), *where)
    for row in db.session.execute(query):
        is_overdue = row.awaited_by is not None and row.awaited_by < asked.day
        outcome = _outcome(is_filed=row.first_filed_on is not None, is_late=row.is_late)
        if outcome == MISSING and not is_overdue:
            continue
        yield Due(
            id=row.id,
            notice_id=row.notice_id,
            issued=row.issued,
            outcome=outcome,
            is_accepted=row.status == ACCEPTED,
            is_overdue=is_overdue,
        )


def _of_then(one: Stood, day: date) -> Due | None:
    told = one.standing
    issued = told.issued or one.due_on
    is_overdue = told.awaits is not None and told.awaits < day
    outcome = _outcome(is_filed=told.filed_on is not None, is_late=told.is_late)
    if told.stands in NOT_EXPECTED or issued >= day or (outcome == MISSING and not is_overdue):
        return None
    return Due(
        id=one.id,
        notice_id=one.notice_id,
        issued=issued,
        outcome=outcome,
        is_accepted=told.stands == ACCEPTED,
        is_overdue=is_overdue,
    )


def _outcome(*, is_filed: bool, is_late: bool) -> str:
    if not is_filed:
        return MISSING
    return LATE if is_late else ON_TIME


def within(found: Iterable[Due], first: date, last: date) -> list[Due]:
    """What fell due between two days."""
    return [one for one in found if first <= one.issued <= last]


def by_outcome(found: Iterable[Due]) -> Mapping[str, Sequence[int]]:
    """The ids of each of MET, and of what came back and was not put right in time."""
    ids: dict[str, list[int]] = {name: [] for name in (*MET, CORRECTING)}
    for one in found:
        ids[one.outcome].append(one.id)
        if one.is_overdue and one.outcome != MISSING:
            ids[CORRECTING].append(one.id)
    return {name: sorted(own) for name, own in ids.items()}
