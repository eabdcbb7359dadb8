"""What a page weighs: one sheet, compressed for whoever takes it so."""

from __future__ import annotations

import gzip

import pytest

from tests.web.conftest import Visit
from tracker.web import assets

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SHEET = f"/static/{assets.digest(assets.SHEET)}/{assets.SHEET}"
MOST = 150_000


def test_a_page_asks_for_one_sheet_which_holds_them_all(stranger: Visit) -> None:
    assert stranger.page("/sign-in").count('rel="stylesheet"') == 1
    sheet = stranger.page(SHEET)
    for file in assets.FOLDER.glob("*.css"):
        assert file.read_text("utf-8") in sheet, file.name


def test_text_is_compressed_for_who_takes_it_and_for_nobody_else(stranger: Visit) -> None:
    plain = stranger.get(SHEET)
    packed = stranger.client.get(SHEET, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]
    refused = stranger.client.get(SHEET, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_the_first_visit_to_a_long_page_stays_light(reviewer: Visit) -> None:
    taken = {"Accept-Encoding": "gzip"}
    page = reviewer.client.get("/notices/ybh-2019-376", headers=taken)
    sheet = reviewer.client.get(SHEET, headers=taken)
    assert len(page.data) + len(sheet.data) < MOST


def test_files_that_are_no_text_go_as_they_are(signed_in) -> None:
    book = signed_in("xitong1").client.get(
        "/people/list/template.xlsx", headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in book.headers
