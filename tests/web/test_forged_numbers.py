"""Ids and versions that no row can have, of any length: an answer, never a broken page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.filed import filed, opened, owed_id

SignIn = Callable[[str], Visit]
NUMBERS = ("9" * 5_000, "9" * 30, "-1", "1e3", "²", "９", "\x00")
FORMS = {
    "shuiwu1": [("/obligations/{owed}", "done"), ("/obligations/{owed}", "version")],
    "shuiwu2": [("/signing", "report"), ("/obligations/{owed}/sign", "version")],
    "guangzhou1": [("/exemptions", "task"), ("/sheets/yfh-2023-59/2026-H2", "row")],
    "ziyou1": [
        ("/reviews/accept", "report"),
        ("/waivers", "waiver"),
        ("/successors", "task"),
        ("/reviews/1/accept", "revision"),
        ("/paper/{owed}", "done"),
    ],
}


@pytest.fixture
def owed(site: Flask) -> int:
    opened(site)
    filed(site)
    return owed_id(site, "省税务局")


@pytest.mark.parametrize("account", FORMS)
def test_a_number_no_row_can_have_is_answered(
    site: Flask, owed: int, signed_in: SignIn, account: str
) -> None:
    visit, broken = signed_in(account), []
    for address, field in FORMS[account]:
        for number in NUMBERS:
            answer = visit.post(
                address.format(owed=owed), **{field: [number, f"{number}:{number}"]}
            )
            if answer.status_code >= 500:
                broken.append((address, field, number[:10]))
    assert broken == []
