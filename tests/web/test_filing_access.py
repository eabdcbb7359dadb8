"""Whose record it is: every route of a report × the cast, for one obligation of 省税务局."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.filing import OPENED, ids_owed, owe, sign, write

FILER, SIGNER = "shuiwu1", "shuiwu2"
OTHERS = ("haishi1", "guangzhou1", "guangzhou2", "fagai1", "fagai2")
OFFICE = ("ziyou1", "ziyou2", "lingdao1")
ADMINISTRATORS = ("xitong1", "anquan1", "shenji1")
EVERYONE = (FILER, SIGNER, *OTHERS, *OFFICE, *ADMINISTRATORS)

# Route → who is let to it; for everybody else the record is not there.
READS = {"": (FILER, SIGNER, *OFFICE), "/evidence": (FILER,)}
WRITES = {
    "": (FILER,),
    "/merge": (FILER,),
    "/draft": (FILER,),
    "/evidence": (FILER,),
    "/evidence/1/drop": (FILER,),
    "/take-back": (FILER,),
    "/amend": (FILER,),
    "/withdraw": (FILER, SIGNER),
    "/sign": (SIGNER,),
    "/send-back": (SIGNER,),
}


@pytest.fixture
def owed(site: Flask, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], Visit]) -> int:
    """An obligation whose report is filed."""
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)
    found = ids_owed(site)[0]
    write(signed_in(FILER), found, "submit")
    sign(signed_in(SIGNER), found)
    return found


@pytest.mark.parametrize("account", EVERYONE)
def test_a_record_is_there_only_for_those_whose_business_it_is(
    site: Flask, signed_in: Callable[[str], Visit], owed: int, account: str
) -> None:
    visit = signed_in(account)
    site.config["WTF_CSRF_ENABLED"] = False
    url = f"/obligations/{owed}"
    wrong = {}
    for method, routes in (("GET", READS), ("POST", WRITES)):
        for tail, known in routes.items():
            status = visit.client.open(url + tail, method=method).status_code
            if (status == 404) == (account in known):
                wrong[method, tail] = status
    assert not wrong


@pytest.mark.parametrize("account", EVERYONE)
def test_a_receipt_is_there_only_for_those_who_may_read_the_report(
    signed_in: Callable[[str], Visit], owed: int, account: str
) -> None:
    status = signed_in(account).get("/receipts/2026-000001").status_code
    assert status == (200 if account in READS[""] else 404)
