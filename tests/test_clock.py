"""One clock, and every day is Shanghai's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker import clock


@pytest.mark.parametrize(
    ("frozen", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T23:59:59", date(2026, 11, 23)),
        ("2026-11-22T15:59:59+00:00", date(2026, 11, 22)),
        ("2026-11-22T16:00:00Z", date(2026, 11, 23)),
    ],
)
def test_tracker_now_sets_the_clock_and_a_bare_time_is_shanghais(
    monkeypatch: pytest.MonkeyPatch, frozen: str, day: date
) -> None:
    monkeypatch.setenv("TRACKER_NOW", frozen)
    assert clock.today() == day
    assert clock.now().utcoffset() == timedelta(0)


def test_without_it_the_clock_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_NOW", raising=False)
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_a_new_day_begins_at_four_in_the_afternoon_of_utc() -> None:
    last = datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC)
    assert clock.day_of(last) == date(2026, 12, 31)
    assert clock.day_of(last + timedelta(microseconds=1)) == date(2027, 1, 1)


def test_a_moment_without_a_zone_came_from_sqlite_and_is_utc() -> None:
    assert clock.day_of(datetime(2026, 12, 31, 16)) == date(2027, 1, 1)  # noqa: DTZ001
