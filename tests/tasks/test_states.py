"""The tables of states are whole: everything named, nothing unreachable."""

from __future__ import annotations

import pytest

from tracker.tasks import states
from tracker.tasks.states import EVENTS, OBLIGATIONS, OPENED, TRANSITIONS, Forbidden, check

NOT_ALLOWED = [
    (state, event) for state in OBLIGATIONS for event in EVENTS if (state, event) not in TRANSITIONS
]


def test_every_state_and_event_of_the_table_has_a_chinese_name() -> None:
    assert {state for state, _ in TRANSITIONS} <= set(OBLIGATIONS)
    assert {event for _, event in TRANSITIONS} <= set(EVENTS)
    assert {to for ends in TRANSITIONS.values() for to in ends} <= set(OBLIGATIONS)


def test_every_state_is_where_obligations_open_or_where_a_move_leads() -> None:
    reached = {to for ends in TRANSITIONS.values() for to in ends}
    assert reached | {states.DUE, states.UNASSIGNED} == set(OBLIGATIONS)


def test_every_event_moves_something_but_the_opening() -> None:
    assert {event for _, event in TRANSITIONS} == set(EVENTS) - {OPENED}


@pytest.mark.parametrize(("state", "event"), NOT_ALLOWED, ids="-".join)
def test_what_is_not_in_the_table_is_refused_with_a_sentence(state: str, event: str) -> None:
    with pytest.raises(Forbidden) as refused:
        check(state, event)
    sentence = str(refused.value)
    assert OBLIGATIONS[state] in sentence
    assert EVENTS[event] in sentence
    assert sentence.endswith("。")


def test_what_has_ended_comes_back_only_when_it_is_reopened() -> None:
    events = [event for state, event in TRANSITIONS if state == states.OVER]
    assert events == [states.REOPEN]


def test_late_is_never_a_reason_to_refuse_a_filing() -> None:
    assert states.FILE in {event for state, event in TRANSITIONS if state == states.DUE}
    assert states.FILE in {event for state, event in TRANSITIONS if state == states.RETURNED}
