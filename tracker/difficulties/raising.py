"""What the unit does: raise a difficulty alone or in a report, press it, settle it, withdraw it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.difficulties import kinds, states
from tracker.difficulties.models import Difficulty
from tracker.difficulties.moving import move, record
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said

LONGEST = 4_000
LONGEST_NOTE = 1_000


def raise_alone(
    task: Task, by: By, *, unit_id: int, kind: str, words: str, is_important: bool = False
) -> Difficulty:
    """At any time, beside the reports."""
    if kind not in kinds.KINDS:
        raise Forbidden("请选择需协调事项的类别。")
    text = said(words, what="需协调的事项", longest=LONGEST)
    if any(one.words == text for one in _open_of([task.id])):
        raise Forbidden("这个事项已经提出，请等待统筹单位答复。")
    return _new(task, by, unit_id=unit_id, kind=kind, words=text, is_important=is_important)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a filed report says of difficulties."""

    words: str
    kind: str
    is_important: bool
    revision: int


def raise_in_reports(reported: Sequence[tuple[Obligation, Said]], by: By) -> None:
    """For many reports: one look for what is open, and then only where something was said."""
    known: dict[int, list[Difficulty]] = {}
    for one in _open_of({owed.task_id for owed, _ in reported if owed.task_id}):
        known.setdefault(one.task_id, []).append(one)
    for obligation, told in reported:
        if obligation.task_id:
            _raise_in_report(obligation, by, told, known.setdefault(obligation.task_id, []))


def _raise_in_report(obligation: Obligation, by: By, told: Said, found: list[Difficulty]) -> None:
    """What a filed report asks for becomes a row, in the transaction of the filing.

    The same words again, in a later revision or the next period's report, raise nothing twice;
    other words in a revision of the same report take the place of the earlier ones.
    """
    same = next((one for one in found if one.words == told.words), None)
    earlier = [one for one in found if one.obligation_id == obligation.id and one is not same]
    if same or not told.words:
        for one in earlier:
            _take_back(one, by)
    elif earlier and (earlier[0].state, states.RESTATE) in states.TRANSITIONS:
        _restate(earlier[0], by, told)
    else:
        raised = _new(
            db.session.get_one(Task, obligation.task_id),
            by,
            unit_id=obligation.unit_id,
            kind=kinds.known(told.kind),
            words=told.words,
            is_important=told.is_important,
            obligation_id=obligation.id,
            revision=told.revision,
        )
        found.append(raised)


def _open_of(task_ids: Collection[int]) -> Sequence[Difficulty]:
    query = select(Difficulty).where(
        Difficulty.task_id.in_(task_ids), Difficulty.state.in_(states.OPEN)
    )
    return db.session.scalars(query.order_by(Difficulty.id)).all()


def _take_back(difficulty: Difficulty, by: By) -> None:
    """The corrected report does not ask for it any more; what was answered stays answered."""
    if (difficulty.state, states.WITHDRAW) in states.TRANSITIONS:
        move(difficulty, states.WITHDRAW, by, "报告更正后不再提出")


def _restate(difficulty: Difficulty, by: By, told: Said) -> None:
    before = difficulty.words
    difficulty.words, difficulty.is_important = told.words, told.is_important
    if told.kind in kinds.KINDS:
        difficulty.kind = told.kind
    move(difficulty, states.RESTATE, by, f"原表述：{before}"[:LONGEST])


def _new(
    task: Task,
    by: By,
    *,
    unit_id: int,
    kind: str,
    words: str,
    is_important: bool,
    obligation_id: int | None = None,
    revision: int = 0,
) -> Difficulty:
    difficulty = Difficulty(
        task_id=task.id,
        notice_id=task.notice_id,
        unit_id=unit_id,
        obligation_id=obligation_id,
        revision=revision,
        kind=kind,
        words=words,
        is_important=is_important,
        state=states.RAISED,
        raised_by=by.person_id,
        raised_at=by.at,
    )
    if by.person_id is None:
        raise Forbidden("需协调事项须由具体人员提出。")
    db.session.add(difficulty)
    moving.flush()
    record(difficulty, states.RAISE, by, words)
    return difficulty


def press(difficulty: Difficulty, by: By, *, note: str) -> None:
    """The answer did not help: it waits for the office again."""
    move(
        difficulty,
        states.PRESS,
        by,
        said(note, what="仍未解决的情况", longest=LONGEST_NOTE),
    )


def settle(difficulty: Difficulty, by: By, *, note: str = "") -> None:
    words = said(note, what="说明", longest=LONGEST_NOTE, may_be_empty=True)
    move(difficulty, states.SETTLE, by, words)


def withdraw(difficulty: Difficulty, by: By, *, note: str) -> None:
    move(difficulty, states.WITHDRAW, by, said(note, what="撤回的理由", longest=LONGEST_NOTE))
