"""The questions of a call: what the office asks, and whether an answer fits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.tasks.states import Forbidden
from tracker.tasks.wording import clean, control_in

TEXT, NUMBER, CHOICE, DAY, FILE = "text", "number", "choice", "day", "file"

QUESTION_KINDS: Mapping[str, str] = {
    TEXT: "文字",
    NUMBER: "数字",
    CHOICE: "单选",
    DAY: "日期",
    FILE: "材料",
}

MOST_QUESTIONS, MOST_CHOICES = 20, 12
LONGEST_LABEL, LONGEST_CHOICE, LONGEST_ANSWER = 200, 60, 2_000
NUMERAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1990, 2099


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing the office asks. Labels of a call differ: an answer is known by its label."""

    label: str
    kind: str = TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return vars(self) | {"choices": list(self.choices)}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> Question:
        return Question(**{**kept, "choices": tuple(kept["choices"])})


def checked(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions as they can be asked, or Forbidden with the first thing to put right."""
    cleaned = tuple(_cleaned(one) for one in questions if clean(one.label))
    if not cleaned:
        raise Forbidden("请至少写一个问题。")
    if len(cleaned) > MOST_QUESTIONS:
        raise Forbidden(f"一次最多问{MOST_QUESTIONS}个问题。")
    labels = [one.label for one in cleaned]
    for number, one in enumerate(cleaned, start=1):
        if sentence := _wrong(one):
            raise Forbidden(f"第{number}个问题{sentence}")
        if labels.index(one.label) < number - 1:
            raise Forbidden(f"第{number}个问题与前面的相同，请改写或删去。")
    return cleaned


def _cleaned(one: Question) -> Question:
    choices = tuple(dict.fromkeys(filter(None, map(clean, one.choices))))
    return Question(
        label=" ".join(clean(one.label).split()),
        kind=one.kind,
        is_required=one.is_required,
        choices=choices if one.kind == CHOICE else (),
    )


def _wrong(one: Question) -> str:
    if one.kind not in QUESTION_KINDS:
        return "请选择填写方式。"
    if len(one.label) > LONGEST_LABEL or control_in(one.label):
        return f"最多{LONGEST_LABEL}字，不能有控制字符。"
    if one.kind == CHOICE and not 1 < len(one.choices) <= MOST_CHOICES:
        return f"是单选，请写2至{MOST_CHOICES}个选项，用顿号隔开。"
    if any(len(choice) > LONGEST_CHOICE for choice in one.choices):
        return f"的每个选项最多{LONGEST_CHOICE}字。"
    return ""


def wrong_answers(
    questions: Sequence[Question], answers: Mapping[str, str], *, has_files: bool
) -> Iterator[tuple[int, str]]:
    """The number of each question whose answer does not fit, and why."""
    for number, question in enumerate(questions):
        answer = answers.get(question.label, "")
        if question.kind == FILE:
            sentence = "请上传材料。" if question.is_required and not has_files else ""
        elif not answer:
            sentence = "请填写这一项。" if question.is_required else ""
        else:
            sentence = _unfit(question, answer)
        if sentence:
            yield number, sentence


def _unfit(question: Question, answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        return f"最多{LONGEST_ANSWER}字，请删减{len(answer) - LONGEST_ANSWER}字。"
    if place := control_in(answer):
        return f"{place}有无法显示的控制字符，请删去。"
    if question.kind == NUMBER and not NUMERAL.fullmatch(answer):
        return "请只填数字，例如 12 或 3.5。"
    if question.kind == CHOICE and answer not in question.choices:
        return "请从所列选项中选一个。"
    if question.kind == DAY and not _is_day(answer):
        return f"“{answer[:20]}”不是有效日期，请按 2026-01-31 的格式填写。"
    return ""


def _is_day(text: str) -> bool:
    if not ISO_DAY.fullmatch(text):
        return False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return FIRST_YEAR <= day.year <= LAST_YEAR
