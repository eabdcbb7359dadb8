"""Urges: confirmed under numbers without gaps, acknowledged, answered, ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.cast import MARITIME, OFFICE, WORKDAYS, Act, Desk, at_once, by, unit
from tests.supervision.urged import (
    DAY,
    FIFTH,
    LATER,
    acknowledged,
    answered,
    answers,
    held,
    proposed,
    sent,
    urge_to,
)
from tracker.coordinating import disputing
from tracker.db import db
from tracker.reports import queries as reports
from tracker.supervision import queries, states, urging
from tracker.supervision.models import PaperCount, Urge, Urged
from tracker.supervision.urging import Answer
from tracker.tasks.models import Task
from tracker.tasks.states import Forbidden

NEW_YEAR = FIFTH.replace(year=2027)


def test_a_confirmed_urge_has_its_number_its_day_and_what_it_covers(desk: Desk) -> None:
    urge = sent(desk)
    assert (urge.year, urge.number, urge.issued_on) == (2026, 1, FIFTH)
    assert urge.reply_by == WORKDAYS.after(FIFTH, 5)
    assert {row.workdays_late for row in queries.covered(urge.id)} == {5}


def test_numbers_count_up_within_an_office_and_year(desk: Desk) -> None:
    sent(desk)
    other = urge_to(MARITIME)
    urging.issue(other, by(desk.cast.chief, FIFTH), WORKDAYS)
    assert (other.year, other.number) == (2026, 2)


def test_each_year_begins_anew(desk: Desk) -> None:
    sent(desk)
    other = urge_to(MARITIME)
    urging.amend(
        other,
        by(desk.cast.chief, NEW_YEAR),
        words="-",
        reply_by=NEW_YEAR + DAY,
        keep=held(other),
    )
    urging.issue(other, by(desk.cast.chief, NEW_YEAR), WORKDAYS)
    assert (other.year, other.number) == (2027, 1)


def test_confirming_twice_makes_one_number(desk: Desk) -> None:
    urge = sent(desk)
    with pytest.raises(Forbidden, match="待签收"):
        urging.issue(urge, by(desk.cast.chief, FIFTH), WORKDAYS)
    assert urge.number == last_number() == 1


def last_number() -> int:
    office = PaperCount.office_id == unit(OFFICE).id
    return db.session.scalar(select(PaperCount.last).where(office)) or 0


def test_a_confirmation_that_fails_takes_no_number(desk: Desk) -> None:
    urge = proposed()
    undone = db.session.begin_nested()
    urging.issue(urge, by(desk.cast.chief, FIFTH), WORKDAYS)
    undone.rollback()
    other = urge_to(MARITIME)
    urging.issue(other, by(desk.cast.chief, FIFTH), WORKDAYS)
    assert other.number == 1


def confirming(who: int, urge_ids: list[int]) -> Act:
    def act() -> Iterator[None]:
        found = [db.session.get_one(Urge, one) for one in urge_ids]
        yield
        for urge in found:
            urging.issue(urge, by(who, FIFTH), WORKDAYS)

    return act


def test_two_chiefs_who_confirm_the_same_at_once_send_it_once(alone: Desk) -> None:
    urge_id = proposed().id
    both = [confirming(alone.cast.chief, [urge_id]), confirming(alone.cast.reviewer, [urge_id])]
    came_to = at_once(alone.app, *both)
    assert [type(one) for one in came_to].count(Forbidden) == 1
    assert came_to.count(None) == 1
    assert db.session.get_one(Urge, urge_id).number == last_number() == 1


def test_chiefs_who_confirm_many_at_once_leave_no_gap(alone: Desk) -> None:
    proposed()
    ids = list(db.session.scalars(select(Urge.id).order_by(Urge.id).limit(12)))
    acts = [confirming(alone.cast.chief, ids[n::4]) for n in range(4)]
    assert at_once(alone.app, *acts) == [None] * 4
    numbers = db.session.scalars(select(Urge.number).where(Urge.number.is_not(None)))
    assert sorted(numbers) == list(range(1, 13))


def test_the_office_puts_it_into_its_own_words_and_leaves_things_out(desk: Desk) -> None:
    urge = proposed()
    kept, *left = held(urge)
    chief = by(desk.cast.chief, FIFTH)
    urging.amend(urge, chief, words="请尽快补报。", reply_by=LATER, keep=[kept])
    urging.issue(urge, chief, WORKDAYS)
    assert (urge.reason, urge.reply_by, held(urge)) == ("请尽快补报。", LATER, [kept])
    rows = db.session.scalars(select(Urged).where(Urged.urge_id == urge.id, Urged.is_left_out))
    assert {row.obligation_id for row in rows} == set(left)


@pytest.mark.parametrize(
    ("words", "day", "keep", "sentence"),
    [
        ("", LATER, None, "请写明催办事由"),
        ("请补报。", FIFTH, None, "回复期限须晚于今天"),
        ("请补报。", LATER, [], "请至少保留一项"),
    ],
)
def test_what_is_wrong_with_an_edit_is_said(
    desk: Desk, words: str, day: object, keep: list[int] | None, sentence: str
) -> None:
    urge = proposed()
    keep = held(urge) if keep is None else keep
    with pytest.raises(Forbidden, match=sentence):
        urging.amend(urge, by(desk.cast.chief, FIFTH), words=words, reply_by=day, keep=keep)


def test_what_was_filed_meanwhile_is_not_urged(desk: Desk) -> None:
    urge = proposed()
    filed = reports.obligation(held(urge)[0])
    desk.file(filed, FIFTH)
    urging.issue(urge, by(desk.cast.chief, FIFTH), WORKDAYS)
    assert filed.id not in held(urge)


def test_an_urge_for_nothing_is_not_sent(desk: Desk) -> None:
    urge = proposed()
    for obligation_id in held(urge):
        desk.file(reports.obligation(obligation_id), FIFTH)
    with pytest.raises(Forbidden, match="无需催办"):
        urging.issue(urge, by(desk.cast.chief, FIFTH), WORKDAYS)


def test_a_dismissal_says_why(desk: Desk) -> None:
    urge = proposed()
    with pytest.raises(Forbidden, match="请写明不予催办的理由"):
        urging.dismiss(urge, by(desk.cast.chief, FIFTH), note=" ")
    urging.dismiss(urge, by(desk.cast.chief, FIFTH), note="已电话核实。")
    assert (urge.state, held(urge)) == (states.DISMISSED, [])


def test_the_unit_acknowledges_and_answers_for_each_obligation(desk: Desk) -> None:
    urge = answered(desk)
    rows = queries.covered(urge.id)
    assert urge.state == states.ANSWERED
    assert {row.expected_on for row in rows} == {LATER + DAY}
    assert [move.event for move in queries.urge_moves(urge.id)] == [
        states.PROPOSE,
        states.ISSUE,
        states.ACKNOWLEDGE,
        states.REPLY,
    ]


def test_nothing_is_answered_before_it_is_acknowledged(desk: Desk) -> None:
    urge = sent(desk)
    with pytest.raises(Forbidden, match="待签收"):
        urging.reply(urge, by(desk.cast.filer, LATER), answers(urge))


def test_every_obligation_is_answered_for_unless_it_was_filed(desk: Desk) -> None:
    urge = acknowledged(desk)
    said = answers(urge)
    first, *_ = sorted(said)
    del said[first]
    with pytest.raises(Forbidden, match="每一项"):
        urging.reply(urge, by(desk.cast.filer, LATER), said)
    desk.file(reports.obligation(first), LATER)
    urging.reply(urge, by(desk.cast.filer, LATER), said)
    assert urge.state == states.ANSWERED


def test_what_is_under_dispute_is_not_answered_for(desk: Desk) -> None:
    urge = acknowledged(desk)
    first, *others = urging.to_answer(urge, LATER)
    dispute(desk, first)
    urging.reply(urge, by(desk.cast.filer, LATER), answers(urge))
    said = {row.id for row in queries.covered(urge.id) if row.words}
    assert (urge.state, said) == (states.ANSWERED, set(others))


def test_an_urge_of_which_all_is_under_dispute_asks_for_no_reply(desk: Desk) -> None:
    urge = acknowledged(desk)
    for one in urging.to_answer(urge, LATER):
        dispute(desk, one)
    with pytest.raises(Forbidden, match="归属待定，现在不需要回复"):
        urging.reply(urge, by(desk.cast.filer, LATER), {})


def dispute(desk: Desk, obligation_id: int) -> None:
    task = db.session.get_one(Task, reports.obligation(obligation_id).task_id)
    signer, maritime = by(desk.cast.signer, LATER), unit(MARITIME)
    disputing.ask(task, signer, unit_id=task.unit_id, reason="非本单位职责。", named=maritime)


def test_an_expected_day_that_has_passed_is_no_answer(desk: Desk) -> None:
    urge = acknowledged(desk)
    past = dict.fromkeys(answers(urge), Answer(words="已报。", expected_on=LATER - DAY))
    with pytest.raises(Forbidden, match="预计报送日期须为今天或以后"):
        urging.reply(urge, by(desk.cast.filer, LATER), past)


def test_a_withdrawn_urge_keeps_its_number_and_frees_what_it_held(desk: Desk) -> None:
    urge = sent(desk)
    urging.withdraw(urge, by(desk.cast.chief, FIFTH), note="发错单位。")
    assert (urge.state, urge.number, held(urge)) == (states.WITHDRAWN, 1, [])
    assert len(queries.covered(urge.id)) > 1


def test_a_closed_urge_moves_no_more(desk: Desk) -> None:
    urge = answered(desk)
    urging.close(urge, by(desk.cast.chief, LATER), note="")
    for act in (urging.acknowledge, urging.close):
        with pytest.raises(Forbidden, match="已办结"):
            act(urge, by(desk.cast.chief, LATER), **({"note": ""} if act is urging.close else {}))
