"""The rule proposes an urge for what is late and was reminded of; never twice for the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.cast import CITY, EIGHTH, MARITIME, TAX, WORKDAYS, Desk, at_once, by, owed, tasks_of
from tests.supervision.urged import (
    DAY,
    FIFTH,
    LATER,
    REMINDED,
    RUNGS,
    answered,
    held,
    owed_to_office,
    proposed,
    proposing,
    remind,
    sent,
    urge_to,
)
from tracker.db import db
from tracker.reports import queries as reports
from tracker.supervision import states, urging
from tracker.supervision.ladder import Late, is_named, to_urge
from tracker.supervision.models import Urge
from tracker.tasks import moving


def late(**known: object) -> Late:
    values = {"obligation_id": 1, "unit_id": 7, "awaited_by": date(2026, 4, 15)}
    values |= {"workdays_late": 5, "reminders": 2, "is_held": False} | known
    return Late(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "is_urged"),
    [
        ({}, True),
        ({"workdays_late": 4}, False),
        ({"reminders": 1}, False),
        ({"is_held": True}, False),
        ({"spared_on": FIFTH - DAY}, False),
        ({"spared_on": date(2026, 4, 15)}, True),
    ],
)
def test_a_rung_waits_for_its_days_and_its_reminders(known: dict, is_urged: bool) -> None:
    found = to_urge([late(**known)], RUNGS, day=FIFTH, workdays=WORKDAYS)
    assert bool(found) is is_urged


def test_a_bulletin_names_what_was_urged_in_vain_or_is_very_late() -> None:
    asked = {"rungs": RUNGS, "workdays_late": 6}
    assert is_named(urges=1, answered=False, **asked)
    assert not is_named(urges=1, answered=True, **asked)
    assert not is_named(urges=0, answered=False, **asked)
    assert is_named(urges=0, answered=False, rungs=RUNGS, workdays_late=15)


def test_one_urge_covers_all_that_a_unit_is_late_with(desk: Desk) -> None:
    urge = proposed()
    assert urge.state == states.PROPOSED
    assert held(urge) == owed_to_office(TAX, FIFTH)
    assert len(held(urge)) > 1
    assert (urge.number, urge.issued_on) == (None, None)
    assert f"{len(held(urge))}项应报事项逾期，最长已逾期5个工作日，经2次提醒" in urge.reason


def test_nothing_is_proposed_a_day_too_early_or_a_reminder_short(desk: Desk) -> None:
    remind(REMINDED[0])
    assert proposing().proposed == 0
    remind(REMINDED[1])
    assert proposing(FIFTH - DAY).proposed == 0
    assert proposing().proposed > 1


def test_a_reminder_counts_once_a_day_however_often_the_job_runs(desk: Desk) -> None:
    remind(REMINDED[0], REMINDED[0], REMINDED[0])
    assert proposing().proposed == 0


def test_running_the_rule_again_changes_nothing(desk: Desk) -> None:
    urge = proposed()
    before = (urge.reason, urge.reply_by, held(urge))
    assert proposing().proposed == 0
    assert (urge.reason, urge.reply_by, held(urge)) == before


@pytest.mark.parametrize("reach", [proposed, sent, answered])
def test_what_an_open_urge_covers_is_not_proposed_again(desk: Desk, reach: object) -> None:
    urge = reach() if reach is proposed else reach(desk)  # type: ignore[operator]
    proposing(LATER + 5 * DAY)
    assert urge_to(TAX).id == urge.id


def test_a_proposal_takes_in_what_becomes_due_for_urging(desk: Desk) -> None:
    first = owed(tasks_of(TAX, EIGHTH)[0])
    moving.extend(first, by(desk.cast.chief, REMINDED[0]), day=FIFTH, note="-")
    urge = proposed()
    assert first.id not in held(urge)
    remind(LATER, LATER + DAY)
    proposing(LATER + 2 * DAY)
    assert first.id in held(urge)


def test_what_is_filed_drops_out_of_the_proposal(desk: Desk) -> None:
    urge = proposed()
    gone = reports.obligation(held(urge)[0])
    desk.file(gone, FIFTH)
    proposing(FIFTH + DAY)
    assert gone.id not in held(urge)
    assert urge.state == states.PROPOSED


def test_an_urge_ends_by_itself_when_all_is_filed_or_put_off(desk: Desk) -> None:
    urge = sent(desk)
    for obligation_id in held(urge):
        put_off = reports.obligation(obligation_id)
        moving.extend(put_off, by(desk.cast.chief, FIFTH), day=LATER, note="-")
    assert proposing(FIFTH + DAY).ended == 1
    db.session.refresh(urge)
    assert (urge.state, held(urge)) == (states.CLOSED, [])


def test_what_another_unit_owes_by_now_is_let_go(desk: Desk) -> None:
    urge = sent(desk)
    moved_away = reports.obligation(held(urge)[0])
    heir = urge_to(MARITIME).unit_id
    moving.hand_over(moved_away, by(desk.cast.chief, FIFTH), unit_id=heir, note="-")
    proposing(FIFTH + DAY)
    assert moved_away.id not in held(urge)


def test_what_was_dismissed_waits_a_rung_before_it_is_proposed_again(desk: Desk) -> None:
    urge = proposed()
    urging.dismiss(urge, by(desk.cast.chief, FIFTH), note="已电话核实，本周报送。")
    proposing(FIFTH + 5 * DAY)
    assert urge_to(TAX).id == urge.id
    proposing(FIFTH + 8 * DAY)
    assert urge_to(TAX).id != urge.id


def test_a_unit_that_owes_another_office_is_not_proposed(desk: Desk) -> None:
    remind(*REMINDED)
    proposing()
    assert set(held(urge_to(TAX))) <= set(owed_to_office(TAX, FIFTH))
    assert not owed_to_office(CITY, FIFTH)


def test_two_runs_at_once_propose_once(alone: Desk) -> None:
    remind(*REMINDED)

    def run() -> Iterator[None]:
        db.session.scalar(select(Urge.id))
        yield
        proposing()

    assert at_once(alone.app, run, run) == [None, None]
    twice = select(Urge.unit_id).group_by(Urge.unit_id).having(func.count() > 1)
    assert db.session.scalars(select(Urge.id)).first()
    assert db.session.scalars(twice).all() == []
