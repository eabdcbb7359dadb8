"""The questions of a call, and answers that fit them."""

from __future__ import annotations

import pytest

from tracker.tasks.questions import (
    CHOICE,
    DAY,
    FILE,
    MOST_QUESTIONS,
    NUMBER,
    TEXT,
    Question,
    checked,
    wrong_answers,
)
from tracker.tasks.states import Forbidden

HOW_MANY = Question(label="办理多少件", kind=NUMBER, is_required=True)
WHETHER = Question(label="是否已开展", kind=CHOICE, choices=("是", "否"))
SINCE = Question(label="何时开展", kind=DAY)
PROOF = Question(label="印发的文件", kind=FILE, is_required=True)


def wrong(question: Question, answer: str, *, has_files: bool = False) -> str:
    found = list(wrong_answers([question], {question.label: answer}, has_files=has_files))
    return found[0][1] if found else ""


@pytest.mark.parametrize("answer", ["0", "12", "-3", "3.5", "999999999999999"])
def test_a_number_is_any_plain_number(answer: str) -> None:
    assert wrong(HOW_MANY, answer) == ""


@pytest.mark.parametrize("answer", ["约十件", "1,000", "１２", "=1+1", "1e9", "12件"])
def test_what_is_no_number_is_said_so(answer: str) -> None:
    assert "只填数字" in wrong(HOW_MANY, answer)


@pytest.mark.parametrize("answer", ["2026-02-30", "2026/1/1", "去年", "0001-01-01"])
def test_what_is_no_day_is_said_so(answer: str) -> None:
    assert "不是有效日期" in wrong(SINCE, answer)


def test_only_what_is_offered_can_be_chosen() -> None:
    assert wrong(WHETHER, "是") == ""
    assert "所列选项" in wrong(WHETHER, "也许")


def test_what_must_be_answered_is_missed_and_the_rest_may_stay_empty() -> None:
    assert wrong(HOW_MANY, "") == "请填写这一项。"
    assert wrong(SINCE, "") == ""
    assert wrong(PROOF, "") == "请上传材料。"
    assert wrong(PROOF, "", has_files=True) == ""


def test_a_long_answer_is_told_by_how_much() -> None:
    assert "请删减10字" in wrong(Question(label="说明"), "字" * 2010)


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        ([], "至少写一个问题"),
        ([Question(label=" ")], "至少写一个问题"),
        ([Question(label="甲", kind=CHOICE, choices=("只有一个",))], "2至12个选项"),
        ([Question(label="甲"), Question(label="甲 ")], "第2个问题与前面的相同"),
        ([Question(label="甲", kind="else")], "选择填写方式"),
        ([Question(label="字" * 201)], "最多200字"),
        ([Question(label=str(n)) for n in range(MOST_QUESTIONS + 1)], "最多问20个"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    questions: list[Question], sentence: str
) -> None:
    with pytest.raises(Forbidden, match=sentence):
        checked(questions)


def test_questions_come_back_from_the_database_as_they_went() -> None:
    assert Question.of(WHETHER.as_json()) == WHETHER
    assert checked([Question(label=" 甲\n乙 ", kind=TEXT)])[0].label == "甲 乙"
