"""The menu: each page under its group, for those who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tracker.permissions import TABLE
from tracker.web.menu import GROUPS

ENTRIES = [entry for group in GROUPS for entry in group.entries]
CURRENT = re.compile(r'<a href="([^"]+)"[^>]* aria-current="(page|true)"')

# What the menu is does not depend on the database.
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@on_sqlite
def test_every_entry_opens_to_all_who_see_it(site: Flask) -> None:
    marks = {name: getattr(view, "access", "") for name, view in site.view_functions.items()}
    assert not [
        entry.endpoint
        for entry in ENTRIES
        if not TABLE[entry.action] <= TABLE.get(marks.get(entry.endpoint, ""), frozenset())
    ]


def test_no_page_stands_in_the_menu_twice_and_no_part_of_the_site_under_two_entries() -> None:
    endpoints = [entry.endpoint for entry in ENTRIES]
    others = [name for entry in ENTRIES for name in entry.own]
    assert len(endpoints) == len(set(endpoints))
    assert len(others) == len(set(others))


@on_sqlite
@pytest.mark.parametrize(
    ("url", "marked"),
    [
        ("/reviews", ("/reviews", "page")),
        ("/notices/yfh-2023-59", ("/notices", "true")),
        ("/notices/yfh-2023-59/calendar", ("/notices", "true")),
        ("/units/new", ("/units", "true")),
    ],
)
def test_the_page_or_what_it_belongs_to_is_marked(
    reviewer: Visit, url: str, marked: tuple[str, str]
) -> None:
    assert set(CURRENT.findall(reviewer.page(url))) == {marked}


@on_sqlite
def test_each_sees_what_they_may_open(signed_in: Callable[[str], Visit]) -> None:
    page = signed_in("xitong1").page("/")
    assert ">人员</a>" in page
    assert ">安全策略</a>" not in page
    assert ">单位与地市</a>" not in page, "a group of one page bears that page's name"
