"""Reporting periods: how they are named, and that they cover time without gap or overlap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tracker.tasks.periods import (
    CADENCES,
    HALF,
    MONTH,
    QUARTER,
    YEAR,
    first_period,
    following,
    label_of,
    labels_of,
    owed_name,
    period_named,
    period_of,
    periods,
)
from tracker.tasks.states import CONFIRMATION, PLAN, PROGRESS

DAY = timedelta(days=1)
ANY_DAY = st.dates(date(2000, 1, 1), date(2090, 12, 31))
ANY_CADENCE = st.sampled_from(sorted(CADENCES))


@pytest.mark.parametrize(
    ("cadence", "key", "label"),
    [
        (MONTH, "2026-M03", "2026年3月"),
        (QUARTER, "2026-Q1", "2026年第1季度"),
        (HALF, "2026-H1", "2026年上半年"),
        (YEAR, "2026", "2026年度"),
    ],
)
def test_a_period_has_a_key_and_a_label(cadence: str, key: str, label: str) -> None:
    period = period_of(cadence, date(2026, 3, 31))
    assert (period.key, period.label) == (key, label)
    assert label_of(key) == label


def test_what_is_owed_once_has_no_period_and_no_label() -> None:
    assert label_of("") == ""


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["2026-Q3", "2026-H1"], "2026年上半年、第3季度"),
        (["2026-Q1", "2025-H2"], "2025年下半年、2026年第1季度"),
        (["2026-Q3", "2026-Q3"], "2026年第3季度"),
        ([], ""),
    ],
)
def test_several_periods_are_named_once_each_and_a_year_once(keys: list[str], words: str) -> None:
    assert labels_of(keys) == words


def test_the_second_half_year_is_called_so() -> None:
    assert label_of("2026-H2") == "2026年下半年"


@pytest.mark.parametrize(
    ("cadence", "ends"),
    [
        (MONTH, date(2028, 2, 29)),
        (QUARTER, date(2028, 3, 31)),
        (HALF, date(2028, 6, 30)),
        (YEAR, date(2028, 12, 31)),
    ],
)
def test_the_29th_of_february_falls_in_its_period(cadence: str, ends: date) -> None:
    assert period_of(cadence, date(2028, 2, 29)).ends == ends


def test_february_ends_on_the_28th_in_a_common_year() -> None:
    assert period_of(MONTH, date(2026, 2, 1)).ends == date(2026, 2, 28)


def test_the_first_period_is_the_one_that_starts_on_the_day_tracking_starts() -> None:
    assert first_period(QUARTER, date(2026, 1, 1)).key == "2026-Q1"


def test_the_first_period_is_the_next_one_when_tracking_starts_inside_a_period() -> None:
    assert first_period(QUARTER, date(2026, 1, 2)).key == "2026-Q2"
    assert first_period(HALF, date(2026, 11, 23)).key == "2027-H1"


def test_no_period_is_there_before_the_first_has_started() -> None:
    assert list(periods(QUARTER, date(2026, 11, 23), date(2026, 12, 31))) == []


def test_periods_are_there_from_their_first_day() -> None:
    found = periods(QUARTER, date(2026, 11, 23), date(2027, 4, 1))
    assert [period.key for period in found] == ["2027-Q1", "2027-Q2"]


@pytest.mark.parametrize(("cadence", "closing"), [(MONTH, 1), (QUARTER, 1), (HALF, 1), (YEAR, 1)])
def test_exactly_one_period_closes_a_year(cadence: str, closing: int) -> None:
    year = periods(cadence, date(2026, 1, 1), date(2026, 12, 31))
    assert sum(period.closes_a_year for period in year) == closing


@given(ANY_CADENCE, ANY_DAY)
def test_a_day_lies_in_its_period(cadence: str, day: date) -> None:
    period = period_of(cadence, day)
    assert period.starts <= day <= period.ends


@given(ANY_CADENCE, ANY_DAY, ANY_DAY)
def test_periods_cover_time_without_gap_or_overlap(cadence: str, one: date, other: date) -> None:
    found = list(periods(cadence, min(one, other), max(one, other)))
    assert all(before.ends + DAY == after.starts for before, after in pairwise(found))


@given(ANY_CADENCE, ANY_DAY)
def test_the_first_period_leaves_less_than_one_period_out(cadence: str, day: date) -> None:
    first = first_period(cadence, day)
    assert first.starts >= day
    assert period_of(cadence, first.starts - DAY).starts < day


@given(ANY_CADENCE, ANY_DAY)
def test_a_period_is_found_again_by_its_key(cadence: str, day: date) -> None:
    period = period_of(cadence, day)
    assert period_named(period.key) == period


@given(ANY_CADENCE, ANY_DAY)
def test_keys_of_one_cadence_sort_as_their_periods_do(cadence: str, day: date) -> None:
    period = period_of(cadence, day)
    assert period.key < following(cadence, period).key


@pytest.mark.parametrize(
    ("key", "kind", "name"),
    [
        ("2026-Q3", PROGRESS, "2026年第3季度进展报告"),
        ("2026", PROGRESS, "2026年度进展报告"),
        ("2026", CONFIRMATION, "2026年度确认"),
        ("", PLAN, "工作方案"),
    ],
)
def test_what_is_owed_names_its_year_once(key: str, kind: str, name: str) -> None:
    assert owed_name(key, kind) == name
