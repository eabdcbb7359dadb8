"""Every transition of the table works, and every other one is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cast import (
    FORWARDED,
    MARITIME,
    OFFICE,
    Q1_DUE,
    SPLIT,
    TAX,
    WORKDAYS,
    Desk,
    by,
    owed,
    task_of,
    unit,
)
from tracker.db import db
from tracker.tasks import moving, states
from tracker.tasks.models import Obligation
from tracker.tasks.states import EVENTS, OBLIGATIONS, OPENED, TRANSITIONS, Forbidden

DAY, LATER = date(2026, 4, 10), date(2026, 6, 1)
Owing = Callable[[Desk, Obligation], None]


def act(desk: Desk, owed: Obligation, event: str) -> None:
    """One event as its mover is called."""
    who = by(desk.cast.chief, DAY)
    acts: dict[str, Callable[[], None]] = {
        states.FILE: lambda: moving.file(owed, who),
        states.WITHDRAW: lambda: moving.withdraw(owed, who),
        states.RETURN: lambda: moving.send_back(owed, who, correct_by=LATER, note="-"),
        states.ACCEPT: lambda: moving.accept(owed, who),
        states.CORRECT: lambda: moving.correct(owed, who),
        states.WAIVE: lambda: moving.waive(owed, who, note="-"),
        states.REOPEN: lambda: moving.reopen(owed, who, day=LATER, note="-"),
        states.EXTEND: lambda: moving.extend(owed, who, day=date(2026, 9, 1), note="-"),
        states.DISPUTE: lambda: moving.dispute(owed, who, note="-"),
        states.RESUME: lambda: moving.resume(owed, who, workdays=WORKDAYS, note="-"),
        states.ASSIGN: lambda: moving.assign(owed, who, unit_id=unit(MARITIME).id, day=LATER),
        states.HAND_OVER: lambda: moving.hand_over(owed, who, unit_id=unit(MARITIME).id, note="-"),
        states.RESCHEDULE: lambda: moving.reschedule({owed: LATER}, who),
        states.END: lambda: moving.end(owed, who, note="-"),
    }
    acts[event]()


WAYS: dict[str, list[str]] = {
    states.DUE: [],
    states.FILED: [states.FILE],
    states.RETURNED: [states.FILE, states.RETURN],
    states.ACCEPTED: [states.FILE, states.ACCEPT],
    states.WAIVED: [states.WAIVE],
    states.DISPUTED: [states.DISPUTE],
    states.UNASSIGNED: [],
    states.OVER: [states.END],
}


def reached(desk: Desk, state: str) -> Obligation:
    """An obligation brought into a state by moves."""
    held = state == states.UNASSIGNED
    found = owed(task_of(SPLIT, FORWARDED) if held else task_of(TAX))
    for event in WAYS[state]:
        act(desk, found, event)
    assert found.status == state
    return found


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS), ids="-".join)
def test_what_is_in_the_table_works(desk: Desk, state: str, event: str) -> None:
    found = reached(desk, state)
    act(desk, found, event)
    assert found.status in TRANSITIONS[state, event]


@pytest.mark.parametrize("state", OBLIGATIONS)
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(desk: Desk, state: str) -> None:
    found = reached(desk, state)
    before = found.status, found.awaited_by, found.version
    for event in EVENTS:
        if (state, event) in TRANSITIONS or event == OPENED:
            continue
        with pytest.raises(Forbidden, match=f"“{OBLIGATIONS[state]}”，不能{EVENTS[event]}"):
            act(desk, found, event)
    db.session.flush()
    assert (found.status, found.awaited_by, found.version) == before


def test_withdrawing_leads_back_to_each_state_that_filing_came_from(desk: Desk) -> None:
    ways = {
        states.DUE: [states.FILE],
        states.RETURNED: [states.FILE, states.RETURN, states.FILE],
        states.ACCEPTED: [states.FILE, states.ACCEPT, states.CORRECT],
    }
    assert set(ways) == set(TRANSITIONS[states.FILED, states.WITHDRAW])
    for state, events in ways.items():
        with db.session.begin_nested() as trial:
            found = owed(task_of(TAX))
            for event in [*events, states.WITHDRAW]:
                act(desk, found, event)
            assert found.status == state
            trial.rollback()


def test_a_hand_over_in_doubt_leads_to_the_office(desk: Desk) -> None:
    found = reached(desk, states.DUE)
    office, chief = unit(OFFICE).id, by(desk.cast.chief, DAY)
    moving.hand_over(found, chief, unit_id=office, note="-", is_certain=False)
    assert found.status == states.UNASSIGNED
    act(desk, found, states.ASSIGN)
    assert (found.status, found.awaited_by) == (states.DUE, LATER)
    assert found.due_on == Q1_DUE
