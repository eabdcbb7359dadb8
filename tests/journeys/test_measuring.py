"""`tracker bench pages`: what is measured, and how much is sent; never how long it took."""

from __future__ import annotations

from flask import Flask

from tracker.operations.paging_bench import VISITS, measure_pages

LARGEST = 150  # KB on a first visit


def test_pages_are_fetched_from_a_server_and_none_is_large(told_app: Flask) -> None:
    floor, tally, *pages = measure_pages(told_app, 1)
    assert [page.what for page in pages] == [f"{one.account} {one.path}" for one in VISITS]
    assert floor.ratio == 1
    assert all(one.ratio for one in (tally, *pages))
    for page in pages:
        assert 0 < (page.kilobytes or 0) < (page.first_kilobytes or 0) < LARGEST, page.what
