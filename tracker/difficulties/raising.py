"""What the unit does: raise a difficulty alone or in a report, press it, settle it, withdraw it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.difficulties import kinds, states
from tracker.difficulties.models import Difficulty
from tracker.difficulties.moving import Step, move, record_all, step
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
    raised = _new(
        by,
        task_id=task.id,
        notice_id=task.notice_id,
        unit_id=unit_id,
        kind=kind,
        words=text,
        is_important=is_important,
    )
    record_all([Step(difficulty=raised, event=states.RAISE, note=text)], by)
    return raised


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a filed report says of difficulties."""

    words: str
    kind: str
    is_important: bool
    revision: int


def raise_in_reports(reported: Sequence[tuple[Obligation, Said]], by: By) -> None:
    """For many reports in as many statements as for one."""
    known: dict[int, list[Difficulty]] = {}
    for one in _open_of({owed.task_id for owed, _ in reported if owed.task_id}):
        known.setdefault(one.task_id, []).append(one)
    steps: list[Step] = []
    for obligation, told in reported:
        if obligation.task_id:
            found = known.setdefault(obligation.task_id, [])
            steps += _said_in_report(obligation, by, told, found)
    record_all(steps, by)


def _said_in_report(
    obligation: Obligation, by: By, told: Said, found: list[Difficulty]
) -> list[Step]:
    """What a filed report asks for becomes a row, in the transaction of the filing.

    The same words again, in a later revision or the next period's report, raise nothing twice;
    other words in a revision of the same report take the place of the earlier ones.
    """
    same = next((one for one in found if one.words == told.words), None)
    earlier = [one for one in found if one.obligation_id == obligation.id and one is not same]
    if same or not told.words:
        return _taken_back(earlier)
    if earlier and (earlier[0].state, states.RESTATE) in states.TRANSITIONS:
        return [_restated(earlier[0], told)]
    raised = _new(
        by,
        task_id=obligation.task_id,
        notice_id=obligation.notice_id,
        unit_id=obligation.unit_id,
        kind=kinds.known(told.kind),
        words=told.words,
        is_important=told.is_important,
        obligation_id=obligation.id,
        revision=told.revision,
    )
    found.append(raised)
    return [Step(difficulty=raised, event=states.RAISE, note=told.words)]


def _open_of(task_ids: Collection[int]) -> Sequence[Difficulty]:
    query = select(Difficulty).where(
        Difficulty.task_id.in_(task_ids), Difficulty.state.in_(states.OPEN)
    )
    return db.session.scalars(query.order_by(Difficulty.id)).all()


def _taken_back(earlier: Sequence[Difficulty]) -> list[Step]:
    """The corrected report does not ask for it any more; what was answered stays answered."""
    return [
        step(one, states.WITHDRAW, "报告更正后不再提出")
        for one in earlier
        if (one.state, states.WITHDRAW) in states.TRANSITIONS
    ]


def _restated(difficulty: Difficulty, told: Said) -> Step:
    before = difficulty.words
    difficulty.words, difficulty.is_important = told.words, told.is_important
    if told.kind in kinds.KINDS:
        difficulty.kind = told.kind
    return step(difficulty, states.RESTATE, f"原表述：{before}"[:LONGEST])


def _new(by: By, **said: Any) -> Difficulty:
    return Difficulty(**said, state=states.RAISED, raised_by=by.person_id, raised_at=by.at)


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
