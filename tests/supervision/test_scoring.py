"""Figures, shares and the score."""

from __future__ import annotations

import pytest

from tracker.supervision.scoring import (
    LATE,
    MISSING,
    ON_TIME,
    PENDING,
    Figures,
    Line,
    middle,
    percent,
    rate,
    score,
    summed,
    total,
)

WEIGHTS = {"completeness": 25, "timeliness": 25, "first_pass": 20, "landed": 20, "evidence": 10}


def line(outcome: str, **known: bool) -> Line:
    marks = dict.fromkeys(
        ("is_reviewed", "is_first_pass", "is_backed", "is_latest", "is_landed"), False
    )
    return Line(obligation_id=1, unit_id=1, role="lead", outcome=outcome, **(marks | known))


def test_each_line_counts_once_in_each_figure_it_belongs_to() -> None:
    lines = [
        line(ON_TIME, is_reviewed=True, is_first_pass=True, is_backed=True, is_latest=True),
        line(LATE, is_reviewed=True, is_landed=True),
        line(MISSING, is_latest=True, is_landed=True),
        line(PENDING),
    ]
    assert summed(lines) == Figures(
        expected=4,
        on_time=1,
        late=1,
        missing=1,
        pending=1,
        reviewed=2,
        first_pass=1,
        backed=1,
        tasks=2,
        landed=1,
    )
    assert total([summed(lines), summed(lines)]).expected == 8


def test_all_done_is_a_hundred_points_and_nothing_done_none() -> None:
    done = Figures(expected=2, on_time=2, reviewed=2, first_pass=2, backed=2, tasks=2, landed=2)
    assert score(done, WEIGHTS) == 1_000
    assert score(Figures(expected=2, missing=2, tasks=2), WEIGHTS) == 0


def test_the_weights_decide() -> None:
    half = Figures(expected=2, on_time=1, missing=1, tasks=2, landed=2)
    assert score(half, {"completeness": 50, "landed": 50}) == 750
    assert score(half, {"completeness": 100, "landed": 0}) == 500


def test_what_cannot_be_measured_is_left_out_of_the_score() -> None:
    waiting = Figures(expected=1, on_time=1, backed=1, tasks=1, landed=1)
    assert score(waiting, WEIGHTS) == 1_000
    assert score(Figures(), WEIGHTS) is None


@pytest.mark.parametrize(
    ("part", "whole", "whole_percent", "words"),
    [
        (999, 1_000, 99, "99.9%"),
        (9_999, 10_000, 99, "99.9%"),
        (1, 10_000, 1, "0.1%"),
        (0, 10_000, 0, "0.0%"),
        (7, 7, 100, "100.0%"),
        (2, 3, 67, "66.7%"),
        (1, 8, 13, "12.5%"),
        (0, 0, None, ""),
    ],
)
def test_a_share_is_rounded_half_up_yet_all_is_all_and_none_is_none(
    part: int, whole: int, whole_percent: int | None, words: str
) -> None:
    assert (rate(part, whole), percent(part, whole)) == (whole_percent, words)


def test_a_score_is_full_only_where_all_is_done() -> None:
    nearly = Figures(expected=9_999, on_time=9_999, tasks=9_999, landed=9_998)
    assert score(nearly, {"completeness": 50, "landed": 50}) == 999


def test_the_median_knows_only_what_was_measured() -> None:
    assert middle([None, 10.0, 20.0, 90.0]) == 20.0
    assert middle([33.3, 33.4]) == 33.4
    assert middle([None]) is None
