"""Moves obligations. Alone writes their status and `awaited_by`, with the event and the tally."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import day_of
from tracker.db import Model, db, flush_together
from tracker.tasks import earlier, states
from tracker.tasks.models import Call, Move, Obligation, Task
from tracker.tasks.states import DUE, RETURNED
from tracker.tasks.tallying import share, shift
from tracker.workdays import Workdays

MEANWHILE = "其他人刚刚处理过，您的操作没有生效，请刷新页面查看结果。"


@dataclass(frozen=True, kw_only=True)
class By:
    """Who moves, and when."""

    person_id: int | None
    at: datetime

    @property
    def day(self) -> date:
        return day_of(self.at)


@dataclass(frozen=True)
class HandedOver:
    """Who owes an obligation from now on; in doubt it is the office that holds it."""

    obligation: Obligation
    unit_id: int
    is_certain: bool = True
    # What the office has held is awaited again by its own day, or by this one if that is later.
    not_before: date | None = None


def issued(obligation: Obligation) -> date:
    """The day that counts for lateness: the due day, or the day it was put off to."""
    return obligation.extended_to or obligation.due_on


def file(obligation: Obligation, by: By, *, received_on: date | None = None) -> None:
    """Filed is signed and sent. The first filing decides whether it was late, for good."""
    _write([_filed(obligation, by, received_on)])


def send_all(obligations: Sequence[Obligation], by: By, *, received_on: date | None = None) -> None:
    """Many filed in one go; what was accepted already is put right by it."""
    _write([_sent(one, by, received_on) for one in obligations])


def check_sending(obligation: Obligation) -> None:
    """Why nothing can be sent for it now, said before anything changes."""
    if obligation.status == states.ACCEPTED:
        check_correcting(obligation.id)
    else:
        states.check(obligation.status, states.FILE)


def check_correcting(obligation_id: int) -> None:
    """A task that is over owes nothing: what it had accepted stays, until it is reopened."""
    state = _task_state(obligation_id)
    if state == states.CLOSED:
        raise states.Forbidden("任务已销号，如需更正，请先请统筹单位撤销销号。")
    if state == states.ENDED:
        raise states.Forbidden("任务已终止，报告不再更正。")


def _check_task(obligation: Obligation, event: str, *allowed: str) -> None:
    """What a task does not owe any more is not asked for again one by one."""
    state = _task_state(obligation.id)
    if state is not None and state not in allowed:
        label, word = states.LABELS[state], states.EVENTS[event]
        raise states.Forbidden(f"这项任务当前是“{label}”，不能{word}。")


def _task_state(obligation_id: int) -> str | None:
    """Nothing for what is owed without a task."""
    query = select(Task.state).join(Obligation, Obligation.task_id == Task.id)
    return db.session.scalar(query.where(Obligation.id == obligation_id))


def _sent(obligation: Obligation, by: By, received_on: date | None) -> _Moved:
    if obligation.status == states.ACCEPTED:
        return _corrected(obligation, by)
    return _filed(obligation, by, received_on)


def _filed(obligation: Obligation, by: By, received_on: date | None) -> _Moved:
    move = _Moved(obligation, states.FILE, by)
    if obligation.first_filed_on is None:
        day = received_on or by.day
        obligation.first_filed_on, obligation.is_late = day, day > issued(obligation)
    return move.to(states.FILED, awaited_by=None)


def withdraw(obligation: Obligation, by: By) -> None:
    """Back to where it was before this filing, and awaited again by the day it was then."""
    before = earlier.before_filing(obligation)
    standing_still = () if before.status == DUE else (states.CONTESTED,)
    _check_task(obligation, states.WITHDRAW, states.OPEN, *standing_still)
    with _Moved(obligation, states.WITHDRAW, by) as move:
        if before.status == DUE and obligation.correct_by is None:
            obligation.first_filed_on, obligation.is_late = None, False
        move.to(before.status, awaited_by=before.awaited_by)


def send_back(obligation: Obligation, by: By, *, correct_by: date, note: str) -> None:
    """Awaited again by the later of its own day and the day to put it right."""
    _check_task(obligation, states.RETURN, states.OPEN, states.CONTESTED)
    with _Moved(obligation, states.RETURN, by, note) as move:
        obligation.correct_by = max(issued(obligation), correct_by)
        move.to(RETURNED, awaited_by=obligation.correct_by)


def accept(obligation: Obligation, by: By) -> None:
    accept_all([obligation], by)


def accept_all(obligations: Iterable[Obligation], by: By) -> None:
    _write(
        [_Moved(one, states.ACCEPT, by).to(states.ACCEPTED, awaited_by=None) for one in obligations]
    )


def correct(obligation: Obligation, by: By) -> None:
    """更正 after acceptance: a new revision, reviewed again; nothing is awaited meanwhile."""
    _write([_corrected(obligation, by)])


def _corrected(obligation: Obligation, by: By) -> _Moved:
    move = _Moved(obligation, states.CORRECT, by)
    check_correcting(obligation.id)
    return move.to(states.FILED, awaited_by=None)


def waive(obligation: Obligation, by: By, *, note: str) -> None:
    waive_all({obligation: note}, by)


def waive_all(notes: Mapping[Obligation, str], by: By) -> None:
    _write(
        [
            _Moved(one, states.WAIVE, by, note).to(states.WAIVED, awaited_by=None)
            for one, note in notes.items()
        ]
    )


def reopen(obligation: Obligation, by: By, *, day: date, note: str) -> None:
    reopen_all([obligation], by, day=day, note=note)


def reopen_all(obligations: Iterable[Obligation], by: By, *, day: date, note: str) -> None:
    """What was waived or ended is owed after all, by its own day or a later one."""
    moves = [(one, _Moved(one, states.REOPEN, by, note)) for one in obligations]
    _write([move.to(DUE, awaited_by=_put_off(one, DUE, day)) for one, move in moves])


def extend(obligation: Obligation, by: By, *, day: date, note: str) -> None:
    """The issued day stays on record beside the new one."""
    with _Moved(obligation, states.EXTEND, by, note) as move:
        if obligation.awaited_by and day <= obligation.awaited_by:
            raise states.Forbidden("延期后的日期须晚于原定日期。")
        move.to(obligation.status, awaited_by=_put_off(obligation, obligation.status, day))


def dispute(obligation: Obligation, by: By, *, note: str) -> None:
    """The clock stops, unless the day has passed already: then lateness goes on."""
    with _Moved(obligation, states.DISPUTE, by, note) as move:
        overdue = obligation.awaited_by is not None and obligation.awaited_by < by.day
        move.to(states.DISPUTED, awaited_by=obligation.awaited_by if overdue else None)


def resume(obligation: Obligation, by: By, *, workdays: Workdays, note: str) -> None:
    """The clock goes on with the workdays that were left when it stopped; never sooner."""
    with _Moved(obligation, states.RESUME, by, note) as move:
        status = earlier.before_dispute(obligation)
        if obligation.awaited_by is not None:
            move.to(status, awaited_by=obligation.awaited_by)
            return
        day = awaited_day(obligation, status)
        left = workdays.between(earlier.stopped_on(obligation), day)
        move.to(status, awaited_by=_put_off(obligation, status, workdays.after(by.day, left)))


def awaited_day(obligation: Obligation, status: str) -> date:
    """The day that counts in a status: the one to put it right by, or its own."""
    is_returned = status == RETURNED and obligation.correct_by is not None
    return (obligation.correct_by if is_returned else None) or issued(obligation)


def _put_off(obligation: Obligation, status: str, day: date) -> date:
    """Awaited by this day if it is later; only a day that is put off is written as such."""
    known = awaited_day(obligation, status)
    if day <= known:
        return known
    if status == RETURNED:
        obligation.correct_by = day
    else:
        obligation.extended_to = day
    return day


def assign(obligation: Obligation, by: By, *, unit_id: int, day: date) -> None:
    """A person chose who takes over what nobody could be asked for."""
    assign_all([obligation], by, unit_id=unit_id, day=day)


def assign_all(obligations: Iterable[Obligation], by: By, *, unit_id: int, day: date) -> None:
    """What came back from review goes to them too, by the day it was to be put right."""
    _write([_assigned(one, by, unit_id, day) for one in obligations])


def _assigned(obligation: Obligation, by: By, unit_id: int, day: date) -> _Moved:
    move = _Moved(obligation, states.ASSIGN, by)
    obligation.unit_id = unit_id
    if obligation.status == RETURNED:
        obligation.correct_by = max(obligation.correct_by or day, day)
        return move.to(RETURNED, awaited_by=obligation.correct_by)
    return _awaited_again(move, day)


def hand_over(
    obligation: Obligation, by: By, *, unit_id: int, note: str, is_certain: bool = True
) -> None:
    """From now on another unit owes it, by the same day; in doubt the office holds it."""
    hand_over_all([HandedOver(obligation, unit_id, is_certain)], by, note=note)


def hand_over_all(handed: Iterable[HandedOver], by: By, *, note: str) -> None:
    _write([_handed_over(one, by, note) for one in handed])


def _handed_over(one: HandedOver, by: By, note: str) -> _Moved:
    obligation = one.obligation
    move = _Moved(obligation, states.HAND_OVER, by, note)
    obligation.unit_id = one.unit_id
    if not one.is_certain:
        return move.to(states.UNASSIGNED, awaited_by=None)
    if obligation.status == states.UNASSIGNED:
        return _awaited_again(move, one.not_before)
    return move.to(obligation.status, awaited_by=obligation.awaited_by)


def _awaited_again(move: _Moved, not_before: date | None) -> _Moved:
    obligation = move.obligation
    if not_before and not_before > issued(obligation):
        obligation.extended_to = not_before
    return move.to(DUE, awaited_by=issued(obligation))


def reschedule(moved: Mapping[Obligation, date], by: By) -> None:
    """A changed calendar gives untouched obligations another day, thousands in one flush.

    The tally does not count days, so it has nothing to learn from this.
    """
    for obligation, day in moved.items():
        states.check(obligation.status, states.RESCHEDULE)
        obligation.due_on = obligation.awaited_by = day
    flush_all(moved)
    rows = [_row(obligation, states.RESCHEDULE, by) for obligation in moved]
    if rows:
        db.session.execute(insert(Move), rows)


def _row(obligation: Obligation, event: str, by: By, note: str = "") -> dict[str, object]:
    return {
        "obligation_id": obligation.id,
        "event": event,
        "recorded_at": by.at,
        "unit_id": obligation.unit_id,
        "status": obligation.status,
        "awaited_by": obligation.awaited_by,
        "person_id": by.person_id,
        "note": note,
    }


def end(obligation: Obligation, by: By, *, note: str) -> None:
    end_all([obligation], by, note=note)


def end_all(obligations: Iterable[Obligation], by: By, *, note: str) -> None:
    moves = [_Moved(one, states.END, by, note) for one in obligations]
    _write([move.to(states.OVER, awaited_by=None) for move in moves])


def begin(obligation: Obligation, day: date) -> None:
    """Somebody writes on it: a changed calendar leaves it alone from now on. No event."""
    begin_all([obligation.id], day)


def begin_all(obligation_ids: Sequence[int], day: date) -> None:
    first = Obligation.id.in_(obligation_ids), Obligation.begun_on.is_(None)
    db.session.execute(update(Obligation).where(*first).values(begun_on=day))


def open_call(call: Call, units: Mapping[int, int | None], by: By) -> None:
    """Each unit, with its city if it has one, owes an answer by the day that the call names."""
    owed = [
        Obligation(
            call_id=call.id,
            notice_id=call.notice_id,
            unit_id=unit_id,
            city_id=city_id,
            role="",
            kind=states.CALL,
            period="",
            opens_on=by.day,
            due_on=call.due_on,
            awaited_by=call.due_on,
            status=DUE,
        )
        for unit_id, city_id in units.items()
    ]
    db.session.add_all(owed)
    flush()
    db.session.execute(insert(Move), [_row(one, states.OPENED, by) | {"note": ""} for one in owed])


def move_tasks(tasks: Sequence[Task], event: str) -> None:
    """Alone writes the state of tasks. What they owe is moved by who calls."""
    for task in tasks:
        task.state = states.task_after(task.state, event)
    flush_all(tasks)


def mark_landed(landed: Mapping[Task, bool], *, on: date) -> None:
    """A landed task owes one confirmation a year instead of every period, and back again.

    What has begun goes on as it was opened; the change counts for what begins later.
    """
    for task, is_landed in landed.items():
        if task.is_landed != is_landed:
            task.is_landed, task.owes_since = is_landed, on + timedelta(days=1)
    flush_all(landed)


def flush() -> None:
    """Write what was changed; the second of two who moved the same thing at once is told."""
    with _told():
        db.session.flush()


def flush_all(rows: Iterable[Model]) -> None:
    """The same for many rows, in one statement."""
    with _told():
        flush_together(rows)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StaleDataError as error:
        raise states.Forbidden(MEANWHILE) from error


class _Moved:
    """One move: the rule is checked before anything changes; `_write` does the rest."""

    def __init__(self, obligation: Obligation, event: str, by: By, note: str = "") -> None:
        self.obligation, self.event, self.by, self.note = obligation, event, by, note
        self.allowed = states.check(obligation.status, event)
        self.before = share(obligation)

    def __enter__(self) -> _Moved:
        return self

    def to(self, status: str, *, awaited_by: date | None) -> _Moved:
        if status not in self.allowed:
            raise states.Forbidden(states.refusal(self.obligation.status, self.event))
        self.obligation.status = status
        self.obligation.awaited_by = awaited_by
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            _write([self])


def _write(moves: Sequence[_Moved]) -> None:
    """Obligations, events and tally: as many statements for many as for one."""
    flush_all([move.obligation for move in moves])
    rows = [_row(move.obligation, move.event, move.by, move.note) for move in moves]
    if rows:
        db.session.execute(insert(Move), rows)
    shift([(move.before, share(move.obligation)) for move in moves])
