"""Figures, shares and the score."""

from __future__ import annotations

from tracker.supervision.scoring import (
    LATE,
    MISSING,
    ON_TIME,
    PENDING,
    Figures,
    Line,
    middle,
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


def test_the_median_knows_only_what_was_measured() -> None:
    assert middle([None, 10.0, 20.0, 90.0]) == 20.0
    assert middle([None]) is None
