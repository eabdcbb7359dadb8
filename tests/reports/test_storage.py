"""A file comes in two steps; a sweep mends what a crash left between them."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.storage import INCOMING, Swept, fetch, keep, settle, sweep

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
DATA = b"proof"
SHA = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def aged(folder: Path, *, hours: float) -> None:
    when = (NOW - timedelta(hours=hours)).timestamp()
    for path in (folder / INCOMING).iterdir():
        os.utime(path, (when, when))


def test_a_file_waits_whole_until_what_refers_to_it_is_committed(tmp_path: Path) -> None:
    assert keep(tmp_path, DATA) == SHA
    assert files(tmp_path) == [f"{INCOMING}/{SHA}"]


def test_once_settled_it_is_in_its_place_alone(tmp_path: Path) -> None:
    settle(tmp_path, keep(tmp_path, DATA))
    assert files(tmp_path) == [f"{SHA[:2]}/{SHA}"]


def test_it_is_read_from_either_place(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    assert fetch(tmp_path, SHA) == DATA
    settle(tmp_path, SHA)
    assert fetch(tmp_path, SHA) == DATA


def test_settling_again_changes_nothing(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    settle(tmp_path, SHA)
    settle(tmp_path, SHA)
    assert fetch(tmp_path, SHA) == DATA


def test_what_was_never_kept_cannot_be_settled_or_read(tmp_path: Path) -> None:
    for action in (settle, fetch):
        with pytest.raises(FileNotFoundError):
            action(tmp_path, SHA)


def test_what_is_settled_is_not_kept_a_second_time(tmp_path: Path) -> None:
    settle(tmp_path, keep(tmp_path, DATA))
    keep(tmp_path, DATA)
    assert files(tmp_path) == [f"{SHA[:2]}/{SHA}"]


def test_a_sweep_removes_what_nothing_refers_to(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    aged(tmp_path, hours=2)
    assert sweep(tmp_path, set(), HOUR_AGO) == Swept(settled=0, removed=1)
    assert files(tmp_path) == []


def test_a_sweep_settles_what_has_its_row(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    aged(tmp_path, hours=2)
    assert sweep(tmp_path, {SHA}, HOUR_AGO) == Swept(settled=1, removed=0)
    assert files(tmp_path) == [f"{SHA[:2]}/{SHA}"]


def test_a_sweep_leaves_alone_what_has_just_come(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    aged(tmp_path, hours=0.5)
    assert sweep(tmp_path, set(), HOUR_AGO) == Swept(settled=0, removed=0)
    assert fetch(tmp_path, SHA) == DATA


def test_what_comes_again_while_it_waits_counts_as_new(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    aged(tmp_path, hours=2)
    keep(tmp_path, DATA)
    assert sweep(tmp_path, set(), HOUR_AGO) == Swept(settled=0, removed=0)


def test_a_half_written_file_is_swept_away(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    (tmp_path / INCOMING / "tmpabc").write_bytes(b"pro")
    aged(tmp_path, hours=2)
    assert sweep(tmp_path, {SHA}, HOUR_AGO) == Swept(settled=1, removed=1)


def test_a_sweep_where_nothing_ever_came_finds_nothing(tmp_path: Path) -> None:
    assert sweep(tmp_path / "nowhere", set(), HOUR_AGO) == Swept(settled=0, removed=0)


def test_what_is_settled_is_never_swept(tmp_path: Path) -> None:
    settle(tmp_path, keep(tmp_path, DATA))
    sweep(tmp_path, set(), NOW + timedelta(days=999))
    assert fetch(tmp_path, SHA) == DATA
