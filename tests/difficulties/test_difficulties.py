"""需协调事项: raised in a report or alone, charged, answered, settled; every step on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import (
    BODY,
    EIGHTH,
    MARITIME,
    TAX,
    WORKDAYS,
    Desk,
    by,
    open_on,
    owed,
    task_of,
    tasks_of,
    unit,
)
from tests.statements import asked
from tracker.db import db
from tracker.difficulties import answering, raising, states
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.difficulties.states import STATES, TRANSITIONS
from tracker.reports import filing
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import Forbidden

DAY, LATER, SOON = date(2026, 4, 10), date(2026, 4, 13), date(2026, 4, 30)
WORDS = "需省级层面统一数据口径。"
ASKING = replace(BODY, difficulties=WORDS, difficulty_kind="policy", is_important=True)


def all_of(task: Task) -> Sequence[Difficulty]:
    query = select(Difficulty).where(Difficulty.task_id == task.id).order_by(Difficulty.id)
    return db.session.scalars(query).all()


def events(difficulty: Difficulty) -> list[str]:
    query = select(DifficultyMove.event).where(DifficultyMove.difficulty_id == difficulty.id)
    return list(db.session.scalars(query.order_by(DifficultyMove.id)))


@pytest.fixture
def task(desk: Desk) -> Task:
    return task_of(TAX)


@pytest.fixture
def raised(desk: Desk, task: Task) -> Difficulty:
    filer = by(desk.cast.filer, DAY)
    return raising.raise_alone(task, filer, unit_id=task.unit_id, kind="legal", words=WORDS)


def charge(desk: Desk, difficulty: Difficulty) -> None:
    chief, heir = by(desk.cast.chief, LATER), unit(MARITIME)
    answering.charge(difficulty, chief, unit_id=heir.id, answer_by=SOON, whom=heir.name)


def test_what_a_filed_report_asks_for_becomes_a_row_with_the_filing(
    desk: Desk, task: Task, first: Obligation
) -> None:
    desk.submit(first, DAY, ASKING)
    assert not all_of(task)
    desk.sign(desk.report(first), first, DAY)
    (row,) = all_of(task)
    assert (row.kind, row.words, row.is_important, row.state) == ("policy", WORDS, True, "raised")
    assert (row.obligation_id, row.revision, row.unit_id) == (first.id, 1, first.unit_id)
    assert events(row) == ["raise"]


def signed_at_once(desk: Desk, reported: Sequence[Obligation], day: date) -> int:
    """In how many statements."""
    pairs = [(desk.report(one), one) for one in reported]
    with asked() as statements:
        filing.sign_all(pairs, by(desk.cast.signer, day), WORKDAYS)
    return len(statements)


def test_many_reports_raise_what_they_ask_for_in_as_many_statements_as_one(desk: Desk) -> None:
    found = [owed(one) for one in tasks_of(TAX, EIGHTH)[:8]]
    for one in found:
        desk.submit(one, DAY, ASKING)
    few = signed_at_once(desk, found[:2], DAY)
    assert signed_at_once(desk, found[2:], DAY) <= few
    rows = db.session.scalars(select(Difficulty).order_by(Difficulty.id)).all()
    assert [row.obligation_id for row in rows] == [one.id for one in found]
    assert all(events(row) == ["raise"] for row in rows)


def test_many_corrected_reports_word_it_anew_in_as_many_statements_as_one(desk: Desk) -> None:
    found = [owed(one) for one in tasks_of(TAX, EIGHTH)[:8]]
    for one in found:
        desk.file(one, DAY, ASKING)
        desk.send_back(one, LATER, SOON)
        desk.submit(one, SOON, replace(ASKING, difficulties=f"{WORDS}另请协调。"))
    few = signed_at_once(desk, found[:2], SOON)
    assert signed_at_once(desk, found[2:], SOON) <= few
    assert {row.words for row in db.session.scalars(select(Difficulty))} == {f"{WORDS}另请协调。"}


def test_a_report_that_asks_for_nothing_leaves_no_row(
    desk: Desk, task: Task, first: Obligation
) -> None:
    desk.file(first, DAY)
    assert not all_of(task)


def test_the_same_words_in_the_next_revision_or_period_raise_nothing_twice(
    desk: Desk, task: Task, first: Obligation
) -> None:
    open_on(date(2026, 4, 1))
    desk.file(first, DAY, ASKING)
    desk.send_back(first, DAY, SOON)
    desk.file(first, LATER, ASKING)
    desk.file(owed(task, period="2026-Q2"), LATER, ASKING)
    assert len(all_of(task)) == 1


def test_other_words_in_a_corrected_report_take_the_place_of_the_first(
    desk: Desk, task: Task, first: Obligation
) -> None:
    desk.file(first, DAY, ASKING)
    desk.send_back(first, DAY, SOON)
    desk.file(first, LATER, replace(ASKING, difficulties="需国家层面批准。"))
    (row,) = all_of(task)
    assert (row.words, events(row)) == ("需国家层面批准。", ["raise", "restate"])


def test_a_corrected_report_without_it_takes_it_back(
    desk: Desk, task: Task, first: Obligation
) -> None:
    desk.file(first, DAY, ASKING)
    desk.send_back(first, DAY, SOON)
    desk.file(first, LATER, BODY)
    (row,) = all_of(task)
    assert (row.state, events(row)) == ("withdrawn", ["raise", "withdraw"])


def test_what_was_settled_can_be_asked_for_again(desk: Desk, task: Task, first: Obligation) -> None:
    open_on(date(2026, 4, 1))
    desk.file(first, DAY, ASKING)
    (row,) = all_of(task)
    answering.answer(row, by(desk.cast.reviewer, LATER), words="已统一口径。")
    raising.settle(row, by(desk.cast.filer, LATER))
    desk.file(owed(task, period="2026-Q2"), LATER, ASKING)
    assert [one.state for one in all_of(task)] == ["settled", "raised"]


def test_it_is_charged_answered_and_settled(desk: Desk, raised: Difficulty) -> None:
    charge(desk, raised)
    assert (raised.state, raised.charged_unit_id, raised.answer_by) == (
        "charged",
        unit(MARITIME).id,
        SOON,
    )
    answering.answer(raised, by(desk.cast.maritime, LATER), words="已修改有关规定。")
    raising.settle(raised, by(desk.cast.filer, LATER))
    assert (raised.state, raised.answer) == ("settled", "已修改有关规定。")
    assert events(raised) == ["raise", "charge", "answer", "settle"]


def test_an_answer_that_does_not_help_brings_it_back(desk: Desk, raised: Difficulty) -> None:
    answering.answer(raised, by(desk.cast.reviewer, LATER), words="请按现行规定办理。")
    raising.press(raised, by(desk.cast.filer, LATER), note="现行规定没有覆盖。")
    assert raised.state == "raised"


def test_the_office_sorts_it_and_marks_it_as_important(desk: Desk, raised: Difficulty) -> None:
    answering.sort(raised, by(desk.cast.reviewer, LATER), kind="state", is_important=True)
    assert (raised.kind, raised.is_important, raised.state) == ("state", True, "raised")


def test_every_move_of_the_table_is_told_in_words(desk: Desk) -> None:
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(STATES)
    for state in STATES:
        for event in states.EVENTS:
            if (state, event) not in TRANSITIONS:
                with pytest.raises(Forbidden, match=f"“{STATES[state]}”，不能"):
                    states.after(state, event)


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        ("", WORDS, "请选择需协调事项的类别。"),
        ("x", WORDS, "请选择需协调事项的类别。"),
        ("policy", " ", "请写明需协调的事项。"),
        ("policy", "字" * 4001, "最多4000字"),
    ],
)
def test_it_needs_a_kind_and_words(desk: Desk, task: Task, kind: str, words: str, sentence: str):
    filer = by(desk.cast.filer, DAY)
    with pytest.raises(Forbidden, match=sentence):
        raising.raise_alone(task, filer, unit_id=task.unit_id, kind=kind, words=words)


def test_it_is_raised_once(desk: Desk, task: Task, raised: Difficulty) -> None:
    filer = by(desk.cast.filer, DAY)
    with pytest.raises(Forbidden, match="已经提出"):
        raising.raise_alone(task, filer, unit_id=task.unit_id, kind="policy", words=WORDS)


@pytest.mark.parametrize("day", [None, DAY, LATER, date(2028, 1, 1)])
def test_who_is_charged_gets_a_day(desk: Desk, raised: Difficulty, day: date | None) -> None:
    chief = by(desk.cast.chief, LATER)
    with pytest.raises(Forbidden, match="请填写答复期限"):
        answering.charge(raised, chief, unit_id=raised.unit_id, answer_by=day, whom="省税务局")


def test_a_unit_or_a_person_is_charged_never_both(desk: Desk, raised: Difficulty) -> None:
    chief = by(desk.cast.chief, LATER)
    for chosen in ({}, {"unit_id": raised.unit_id, "person_id": desk.cast.reviewer}):
        with pytest.raises(Forbidden, match="一个承办单位，或一名承办人"):
            answering.charge(raised, chief, answer_by=SOON, whom="-", **chosen)
