"""Who lives on a day. Where it is not certain, a person has to choose."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.registry.models import Succession
from tracker.tasks.succeeding import follow

DAY = date(2023, 8, 18)
A, B, C, D = 1, 2, 3, 4


def handed(old: int, new: int, kind: str = "rename", *, on: date | None = DAY, sure: bool = True):
    return Succession(old_id=old, new_id=new, kind=kind, day=on, sure=sure, source="-")


def test_on_its_day_a_unit_is_followed_by_its_heir() -> None:
    assert follow([handed(A, B)], DAY).certain == {A: B}


def test_the_day_before_the_old_unit_lives_still() -> None:
    assert follow([handed(A, B)], date(2023, 8, 17)).certain == {}


@pytest.mark.parametrize("kind", ["rename", "successor", "refounded", "merge"])
def test_a_clear_hand_over_needs_no_person(kind: str) -> None:
    assert follow([handed(A, B, kind)], DAY).certain == {A: B}


@pytest.mark.parametrize("kind", ["split", "abolished"])
def test_any_other_hand_over_asks_for_a_person(kind: str) -> None:
    assert follow([handed(A, B, kind)], DAY).uncertain == {A}


def test_a_plate_on_another_body_moves_nothing() -> None:
    heirs = follow([handed(A, B, "plate")], DAY)
    assert (heirs.certain, heirs.uncertain) == ({}, frozenset())


def test_a_hand_over_whose_day_nobody_knows_asks_for_a_person() -> None:
    assert follow([handed(A, B, on=None)], DAY).uncertain == {A}


def test_a_hand_over_that_is_not_verified_asks_for_a_person() -> None:
    assert follow([handed(A, B, sure=False)], DAY).uncertain == {A}


def test_two_heirs_ask_for_a_person() -> None:
    heirs = follow([handed(A, B), handed(A, C)], DAY)
    assert (heirs.certain, heirs.uncertain) == ({}, {A})


def test_several_units_may_have_one_heir() -> None:
    assert follow([handed(A, C, "merge"), handed(B, C, "merge")], DAY).certain == {A: C, B: C}


def test_a_chain_is_followed_to_its_end() -> None:
    assert follow([handed(A, B), handed(B, C)], DAY).certain == {A: C, B: C}


def test_a_chain_is_followed_only_as_far_as_the_day() -> None:
    later = handed(B, C, on=date(2024, 1, 1))
    assert follow([handed(A, B), later], DAY).certain == {A: B}


def test_a_chain_that_ends_in_doubt_is_in_doubt() -> None:
    assert follow([handed(A, B), handed(B, C, "split")], DAY).uncertain == {A, B}


def test_a_chain_through_a_unit_with_two_heirs_is_in_doubt() -> None:
    heirs = follow([handed(A, B), handed(B, C), handed(B, D)], DAY)
    assert (heirs.certain, heirs.uncertain) == ({}, {A, B})


def test_a_ring_is_in_doubt() -> None:
    assert follow([handed(A, B), handed(B, A)], DAY).uncertain == {A, B}
