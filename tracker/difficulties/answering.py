"""What the office does with a difficulty: sort it, charge somebody with it, answer it."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.days import spelled
from tracker.difficulties import kinds, states
from tracker.difficulties.models import Difficulty
from tracker.difficulties.moving import move
from tracker.difficulties.raising import LONGEST, LONGEST_NOTE
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said

LONGEST_WAIT = timedelta(days=366)


def sort(difficulty: Difficulty, by: By, *, kind: str, is_important: bool) -> None:
    if kind not in kinds.KINDS:
        raise Forbidden("请选择需协调事项的类别。")
    if (kind, is_important) == (difficulty.kind, difficulty.is_important):
        raise Forbidden("类别和重要情况标记都没有变化。")
    before = kinds.KINDS[difficulty.kind]
    difficulty.kind, difficulty.is_important = kind, is_important
    flag = "，列为重要情况" if is_important else ""
    move(difficulty, states.SORT, by, f"由“{before}”改为“{kinds.KINDS[kind]}”{flag}")


def charge(
    difficulty: Difficulty,
    by: By,
    *,
    answer_by: date | None,
    unit_id: int | None = None,
    person_id: int | None = None,
    whom: str,
    note: str = "",
) -> None:
    """A unit or a person of the office sees to it, by a day."""
    if (unit_id is None) == (person_id is None):
        raise Forbidden("请选择一个承办单位，或一名承办人。")
    if answer_by is None or not by.day < answer_by <= by.day + LONGEST_WAIT:
        raise Forbidden("请填写答复期限，须晚于今天，不超过一年。")
    words = said(note, what="办理要求", longest=LONGEST_NOTE, may_be_empty=True)
    difficulty.charged_unit_id, difficulty.charged_person_id = unit_id, person_id
    difficulty.answer_by = answer_by
    dated = f"{whom}，{spelled(answer_by)}前答复"
    move(difficulty, states.CHARGE, by, "\n".join(filter(None, (dated, words))))


def answer(difficulty: Difficulty, by: By, *, words: str) -> None:
    text = said(words, what="答复内容", longest=LONGEST)
    move(difficulty, states.ANSWER, by, text)
    difficulty.answer, difficulty.answered_by = text, by.person_id
    difficulty.answered_at, difficulty.answer_by = by.at, None


def pick_up(difficulty: Difficulty, by: By, *, note: str) -> None:
    """What was settled turns out not to be."""
    move(difficulty, states.PICK_UP, by, said(note, what="重新办理的理由", longest=LONGEST_NOTE))
