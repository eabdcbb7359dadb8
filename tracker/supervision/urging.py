"""催办: a chief confirms or dismisses, the unit acknowledges and replies, the office closes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, select, update

from tracker.db import db
from tracker.registry.counting import next_number
from tracker.registry.settings import mark_of
from tracker.supervision import numbering, replies, states
from tracker.supervision.ladder import reason
from tracker.supervision.lateness import Lateness
from tracker.supervision.models import PaperCount, Urge, Urged, UrgeMove, UrgeReply
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By, flush
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.workdays import Workdays

PAPER = "urge"
LONGEST = 1_000
A_YEAR = timedelta(days=366)
NOTHING_LATE = "所列应报事项都已报送或不再逾期，无需催办。"
NOTHING_TO_ANSWER = "所列应报事项都已报送、不再逾期或归属待定，现在不需要回复。"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a unit says about one obligation, and by when it will be filed."""

    words: str
    expected_on: date


def moved(urge: Urge, event: str, by: By, note: str = "") -> None:
    """Move an urge by its table, and write the event down."""
    urge.state = states.urge_after(urge.state, event)
    flush()
    db.session.add(event_of(urge, event, by, note))
    flush()


def event_of(urge: Urge, event: str, by: By, note: str = "") -> UrgeMove:
    return UrgeMove(
        urge_id=urge.id,
        event=event,
        state=urge.state,
        recorded_at=by.at,
        person_id=by.person_id,
        note=note,
    )


def amend(urge: Urge, by: By, *, words: str, reply_by: date, keep: Collection[int]) -> None:
    """The office puts the proposal into its own words, and leaves out what it does not urge."""
    states.urge_after(urge.state, states.AMEND)
    urge.reason = _reason(words)
    urge.reply_by = _reply_day(reply_by, by)
    _choose(urge, keep)
    moved(urge, states.AMEND, by)


def issue(urge: Urge, by: By, workdays: Workdays, *, reply_workdays: int = 5) -> None:
    """Confirmed and sent, under the next number of the office's year; what is filed drops out.

    A proposal that lay past its day for reply gets a new one.
    """
    moved(urge, states.ISSUE, by)
    if urge.reply_by <= by.day:
        urge.reply_by = workdays.after(by.day, reply_workdays)
    late = _rows(urge, replies.still_late(by.day))
    if not late:
        raise Forbidden(NOTHING_LATE)
    _freeze(urge, late, Lateness(by.day, workdays))
    urge.year, urge.issued_on = by.day.year, by.day
    code = mark_of(urge.office_id)
    urge.mark = numbering.mark(numbering.URGE, code=code, office_name=urge.office_name)
    urge.number = next_number(PaperCount, office_id=urge.office_id, paper=PAPER, year=urge.year)
    flush()


def dismiss(urge: Urge, by: By, *, note: str) -> None:
    _end(urge, states.DISMISS, by, said(note, what="不予催办的理由", longest=LONGEST))


def acknowledge(urge: Urge, by: By) -> None:
    """签收: someone of the unit has seen it."""
    moved(urge, states.ACKNOWLEDGE, by)


def reply(urge: Urge, by: By, answers: Mapping[int, Answer]) -> None:
    """回复: to every obligation to answer for, each with the day it will be filed."""
    states.urge_after(urge.state, states.REPLY)
    if by.person_id is None:
        raise Forbidden("回复须由具体人员提交。")
    asked = to_answer(urge, by.day)
    if not asked:
        raise Forbidden(NOTHING_TO_ANSWER)
    for obligation_id in asked:
        if obligation_id not in answers:
            raise Forbidden("请对每一项应报事项写明情况和预计报送日期。")
        answer = answers[obligation_id]
        if not by.day <= answer.expected_on <= by.day + A_YEAR:
            raise Forbidden("预计报送日期须为今天或以后，且不超过一年。")
        db.session.add(
            UrgeReply(
                urge_id=urge.id,
                obligation_id=obligation_id,
                words=said(answer.words, what="回复", longest=LONGEST),
                expected_on=answer.expected_on,
                replied_at=by.at,
                person_id=by.person_id,
            )
        )
    moved(urge, states.REPLY, by)


def withdraw(urge: Urge, by: By, *, note: str) -> None:
    """The number stays taken: what was sent is withdrawn, not unmade."""
    _end(urge, states.WITHDRAW, by, said(note, what="撤销的理由", longest=LONGEST))


def close(urge: Urge, by: By, *, note: str) -> None:
    _end(urge, states.CLOSE, by, said(note, what="说明", longest=LONGEST, may_be_empty=True))


def to_answer(urge: Urge, day: date) -> Sequence[int]:
    """The obligations that the unit has to answer for."""
    return [owed.id for owed in _rows(urge, replies.to_answer(day))]


def _end(urge: Urge, event: str, by: By, note: str) -> None:
    moved(urge, event, by, note)
    released = update(Urged).where(Urged.urge_id == urge.id).values(is_held=None)
    db.session.execute(released)


def _rows(urge: Urge, where: Sequence[ColumnElement[bool]]) -> Sequence[Obligation]:
    query = (
        select(Obligation)
        .join(Urged, Urged.obligation_id == Obligation.id)
        .join(Urge, Urged.urge_id == Urge.id)
        .where(Urge.id == urge.id, *where)
    )
    return db.session.scalars(query.order_by(Obligation.awaited_by, Obligation.id)).all()


def _choose(urge: Urge, keep: Collection[int]) -> None:
    """What is not ticked stays with the proposal until it is sent, marked as left out."""
    rows = db.session.scalars(
        select(Urged).where(Urged.urge_id == urge.id, Urged.is_held.is_(True))
    ).all()
    if not any(row.obligation_id in keep for row in rows):
        raise Forbidden("请至少保留一项应报事项；如都不需要催办，请选择不予催办。")
    for row in rows:
        row.is_left_out = row.obligation_id not in keep


def _freeze(urge: Urge, late: Sequence[Obligation], lateness: Lateness) -> None:
    """As it stands on the day it is sent; the rest is let go, and words of ours follow."""
    still = {owed.id: owed.awaited_by for owed in late}
    rows = db.session.scalars(select(Urged).where(Urged.urge_id == urge.id)).all()
    for row in rows:
        awaited_by = still.get(row.obligation_id)
        if row.is_left_out or awaited_by is None:
            row.is_left_out, row.is_held = True, None
        else:
            row.was_awaited_by, row.workdays_late = awaited_by, lateness.of(awaited_by)
    sent = [row for row in rows if row.is_held]
    if not sent:
        raise Forbidden(NOTHING_LATE)
    if not is_amended(urge):
        urge.reason = reason(
            covers=len(sent),
            longest=max(row.workdays_late for row in sent),
            reminders=max(row.reminders for row in sent),
        )


def is_amended(urge: Urge) -> bool:
    """Whether the office put it into its own words."""
    edited = exists().where(UrgeMove.urge_id == urge.id, UrgeMove.event == states.AMEND)
    return bool(db.session.scalar(select(edited)))


def _reason(words: str) -> str:
    return said(words, what="催办事由", longest=LONGEST)


def _reply_day(day: date, by: By) -> date:
    if not by.day < day <= by.day + A_YEAR:
        raise Forbidden("回复期限须晚于今天，且不超过一年。")
    return day
