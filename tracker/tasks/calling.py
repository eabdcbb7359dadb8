"""临时调度: the office calls chosen units for one thing by one day, and may take the call back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tracker.db import db
from tracker.registry.editing import CLASS
from tracker.registry.models import Unit
from tracker.tasks import moving
from tracker.tasks.models import Call, Obligation
from tracker.tasks.moving import By
from tracker.tasks.questions import Question, checked
from tracker.tasks.states import (
    ASKING,
    CALL_TRANSITIONS,
    DISPUTED,
    DUE,
    RECALL,
    RETURNED,
    UNASSIGNED,
    Forbidden,
)
from tracker.tasks.succeeding import heirs_on
from tracker.tasks.wording import said

LONGEST_TITLE, LONGEST_WORDS, LONGEST_WHY = 120, 2_000, 500
LONGEST_WAIT = timedelta(days=366)
MOST_UNITS = 400
AWAITED = (DUE, RETURNED, DISPUTED, UNASSIGNED)


@dataclass(frozen=True, kw_only=True)
class Calling:
    """What is asked, of whom, by when; it stands under one notice of the office."""

    notice_id: int
    office_id: int
    title: str
    words: str
    questions: Sequence[Question]
    due_on: date | None
    unit_ids: Sequence[int]


def call(calling: Calling, by: By) -> Call:
    """From now on each of the units owes an answer; nothing else of theirs moves."""
    if by.person_id is None:
        raise Forbidden("临时调度须由具体人员发出。")
    made = Call(
        notice_id=calling.notice_id,
        office_id=calling.office_id,
        title=said(calling.title, what="调度事项", longest=LONGEST_TITLE),
        words=said(calling.words, what="说明", longest=LONGEST_WORDS, may_be_empty=True),
        questions=[one.as_json() for one in checked(calling.questions)],
        due_on=day_that_fits(calling.due_on, by.day),
        state=ASKING,
        made_by=by.person_id,
        made_at=by.at,
    )
    units = _addressable(calling.unit_ids, by.day)
    db.session.add(made)
    db.session.flush()
    moving.open_call(made, units, by)
    return made


def day_that_fits(day: date | None, today: date) -> date:
    if day is None or day <= today:
        raise Forbidden("请填写报送期限，须晚于今天。")
    if day > today + LONGEST_WAIT:
        raise Forbidden("报送期限不能超过一年。")
    return day


def _addressable(unit_ids: Sequence[int], day: date) -> dict[int, int | None]:
    """Each unit once, with its city; none that nobody can answer for."""
    if not unit_ids:
        raise Forbidden("请至少选择一个单位。")
    if len(unit_ids) > MOST_UNITS:
        raise Forbidden(f"一次最多调度{MOST_UNITS}个单位。")
    heirs = heirs_on(day)
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.kind, Unit.city_id).where(Unit.id.in_(unit_ids))
    )
    found: dict[int, int | None] = {}
    for row in rows:
        if row.kind == CLASS:
            raise Forbidden(f"“{row.name}”是一类单位，不能调度，请选择具体单位。")
        if row.id in heirs.certain or row.id in heirs.uncertain:
            raise Forbidden(f"“{row.name}”的职责已由其他单位承接，请选择承接单位。")
        found[row.id] = row.city_id
    return {unit_id: found[unit_id] for unit_id in dict.fromkeys(unit_ids)}


def put_off(
    made: Call, by: By, *, day: date | None, why: str, obligation_id: int | None = None
) -> Sequence[Obligation]:
    """A later day for all who still owe an answer, or for one; the issued day stays on record."""
    if made.state != ASKING:
        raise Forbidden("这次调度已经撤回，不能调整期限。")
    later = day_that_fits(day, by.day)
    words = said(why, what="调整期限的理由", longest=LONGEST_WHY)
    owing = Obligation.call_id == made.id, Obligation.status.in_((DUE, RETURNED))
    query = select(Obligation).where(*owing)
    if obligation_id is not None:
        query = query.where(Obligation.id == obligation_id)
    owed = db.session.scalars(query.order_by(Obligation.id)).all()
    moved = [one for one in owed if one.awaited_by and one.awaited_by < later]
    if not owed:
        raise Forbidden("所选单位已经回复，不需要调整期限。")
    if not moved:
        raise Forbidden("新的期限须晚于当前期限；需要提前的，请撤回后重新发出。")
    for one in moved:
        moving.extend(one, by, day=later, note=words)
    return moved


def recall(made: Call, by: By, *, why: str) -> int:
    """Nobody owes an answer any more; what was answered stays. How many were let off."""
    if (made.state, RECALL) not in CALL_TRANSITIONS:
        raise Forbidden("这次调度已经撤回，请刷新页面查看。")
    words = said(why, what="撤回的理由", longest=LONGEST_WHY)
    made.state, made.ended_why = CALL_TRANSITIONS[made.state, RECALL], words
    moving.flush()
    query = select(Obligation).where(Obligation.call_id == made.id, Obligation.status.in_(AWAITED))
    owed = db.session.scalars(query.order_by(Obligation.id)).all()
    for one in owed:
        moving.end(one, by, note=words)
    return len(owed)
