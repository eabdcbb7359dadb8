"""`tracker bench pages`: what is measured, and how much is sent; never how long it took."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.journeys.conftest import NOW
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db
from tracker.operations.paging_bench import VISITS, measure_pages

LARGEST = 150  # KB on a first visit


@pytest.fixture
def unasked(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application of its own: one that has answered takes the floor pages no more."""
    monkeypatch.setenv("TRACKER_NOW", NOW)
    made = create_app(told)
    yield made
    with made.app_context():
        db.engine.dispose()


def test_pages_are_fetched_from_a_server_and_none_is_large(unasked: Flask) -> None:
    floor, tally, *pages = measure_pages(unasked, 1)
    assert [page.what for page in pages] == [f"{one.account} {one.path}" for one in VISITS]
    assert floor.ratio == 1
    assert all(one.ratio for one in (tally, *pages))
    for page in pages:
        assert 0 < (page.kilobytes or 0) < (page.first_kilobytes or 0) < LARGEST, page.what
