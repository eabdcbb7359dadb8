"""消息: a person reads what they were told, and chooses by which channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import CITY, EIGHTH, MARITIME, TAX
from tests.statements import asked
from tests.web.conftest import Visit
from tests.web.delivering import SUBJECT, ids, sent, told
from tests.web.filed import opened, task_id
from tests.web.filing import ids_owed
from tests.web.test_cases import signed
from tests.web.test_people import logged
from tracker.clock import today
from tracker.db import db
from tracker.delivery.letters import INBOX

SignIn = Callable[[str], Visit]
OFFICE = ("ziyou1", "ziyou2")
WHY = "有关数据须待月底汇总后核定。"


def test_the_head_of_every_page_counts_what_is_unread(filer: Visit, site: Flask) -> None:
    assert "条未读" not in filer.page("/")
    told(site, number=3)
    assert 'aria-label="3条未读"' in filer.page("/obligations")
    (first, *_) = ids(site, INBOX)
    assert filer.post(f"/messages/{first}/read", form="/messages").status_code == 302
    assert 'aria-label="2条未读"' in filer.page("/")
    filer.post("/messages/read", form="/messages")
    assert "条未读" not in filer.page("/")
    assert len(logged(site, "read message")) == 2


def test_looking_at_a_message_shows_its_text_and_changes_nothing(filer: Visit, site: Flask) -> None:
    told(site)
    page = filer.page(f"/messages/{ids(site, INBOX)[0]}")
    assert SUBJECT in page
    assert ".开头的一行也要送到。" in page
    assert 'href="/digests/7"' in page
    assert 'aria-label="1条未读"' in filer.page("/messages?unread=1")


def test_a_message_is_for_its_reader_alone(signed_in: SignIn, filer: Visit, site: Flask) -> None:
    told(site)
    mine, hers = ids(site, INBOX)
    for account in ("ziyou1", "xitong1", "shuiwu2"):
        visit = signed_in(account)
        assert visit.get(f"/messages/{mine}").status_code == 404
        assert visit.post(f"/messages/{mine}/read").status_code == 404
    assert filer.get(f"/messages/{hers}").status_code == 404
    # A mail is no message of the inbox, not even for whom it is.
    assert filer.get(f"/messages/{ids(site)[0]}").status_code == 404
    assert 'aria-label="1条未读"' in filer.page("/")


def test_who_switches_mail_off_is_told_in_the_inbox_alone(filer: Visit, site: Flask) -> None:
    assert "shuiwu1@demo.invalid" in filer.page("/messages/channels")
    filer.post("/messages/channels", form="/messages/channels")
    assert "checked" not in filer.page("/messages/channels")
    told(site)
    assert sent(site).to == ["shuiwu2@demo.invalid"]
    filer.post("/messages/channels", form="/messages/channels", mail="1")
    told(site, "unit-digest:2")
    assert "shuiwu1@demo.invalid" in sent(site).to
    assert [entry.detail for entry in logged(site, "choose channels")] == [
        {"mail": False},
        {"mail": True},
    ]


def test_many_messages_are_read_page_by_page(filer: Visit, site: Flask) -> None:
    told(site, number=60)
    page = filer.page("/messages")
    assert page.count(SUBJECT) == 50
    after = page.split("/messages?after=")[1].split('"')[0]
    assert filer.page(f"/messages?after={after}").count(SUBJECT) == 10


def news(signed_in: SignIn, accounts: tuple[str, ...] = OFFICE) -> list[str]:
    """What the head of the page counts for each of them."""
    pages = [signed_in(account).page("/messages/channels") for account in accounts]
    return [
        page.partition("条未读")[0].rpartition('"')[2] if "条未读" in page else "" for page in pages
    ]


def ask_extensions(site: Flask, filer: Visit, number: int) -> list[str]:
    """As “kind:number”, the way the page of rulings names them."""
    wished = (today() + timedelta(days=90)).isoformat()
    for owed in ids_owed(site, TAX, EIGHTH, "2026-Q4")[:number]:
        url = f"/obligations/{owed}/extension"
        assert filer.post(url, form=url, reason=WHY, wished_on=wished).status_code == 302
    return [f"extension:{one}" for one in range(1, number + 1)]


def rule(chief: Visit, matters: list[str]) -> None:
    answer = chief.post("/matters", form="/matters", matter=matters, ruling="refuse", note="不予。")
    assert answer.status_code == 302


def test_a_request_that_is_ruled_on_waits_in_nobodys_inbox_any_more(
    site: Flask, signed_in: SignIn, filer: Visit
) -> None:
    opened(site)
    first, *rest = ask_extensions(site, filer, 3)
    assert news(signed_in) == ["3", "3"]
    assert filer.post("/requests/extension/3/withdraw", form="/requests").status_code == 302
    assert news(signed_in) == ["2", "2"]
    rule(signed_in("ziyou2"), [first])
    assert news(signed_in) == ["1", "1"]
    assert "申请延期" in signed_in("ziyou1").page("/messages")
    assert "未同意延期" in filer.page("/messages?unread=1")
    rule(signed_in("ziyou2"), rest[:1])
    assert news(signed_in) == ["", ""]


def test_what_cannot_be_ruled_on_goes_on_waiting(
    site: Flask, signed_in: SignIn, filer: Visit
) -> None:
    opened(site)
    task = task_id(site)
    dispute = {"reason": "不属本单位职责。", "named": MARITIME}
    filer.post(f"/tasks/{task}/dispute", form=f"/tasks/{task}/dispute", **dispute)
    chief = signed_in("ziyou2")
    answer = chief.post("/matters", form="/matters", matter=["dispute:1"], ruling="grant")
    assert answer.status_code == 422
    assert news(signed_in) == ["1", "1"]
    rule(signed_in("ziyou2"), ["dispute:1"])
    assert news(signed_in) == ["", ""]


@pytest.mark.parametrize("number", [1, 6])
def test_many_rulings_are_settled_in_one_statement(
    site: Flask, signed_in: SignIn, filer: Visit, number: int
) -> None:
    opened(site)
    matters, chief = ask_extensions(site, filer, number), signed_in("ziyou2")
    with site.app_context():
        engine = db.engine
    with asked(engine) as statements:
        rule(chief, matters)
    assert len([one for one in statements if one.startswith("UPDATE message")]) == 1


def test_a_difficulty_waits_for_the_office_and_then_for_whom_it_charged(
    site: Flask, signed_in: SignIn, filer: Visit
) -> None:
    opened(site)
    raised = {"task": str(task_id(site)), "kind": "policy", "words": "需要明确口径。"}
    assert filer.post("/difficulties/new", form="/difficulties/new", **raised).status_code == 302
    assert news(signed_in) == ["1", "1"]
    soon = (today() + timedelta(days=20)).isoformat()
    charge = {"unit": CITY, "answer_by": soon}
    office, url = signed_in("ziyou1"), "/difficulties/1"
    assert office.post(f"{url}/charge", form=url, **charge).status_code == 302
    assert news(signed_in) == ["", ""]
    assert news(signed_in, ("guangzhou1", "guangzhou2")) == ["1", "1"]
    city = signed_in("guangzhou1")
    assert city.post(f"{url}/answer", form=url, note="已明确。").status_code == 302
    unread = signed_in("guangzhou2").page("/messages?unread=1")
    assert "明确承办" not in unread
    assert "需协调事项：答复" in unread


def test_a_case_that_is_ruled_on_waits_no_more(site: Flask, signed_in: SignIn) -> None:
    url = signed(site, signed_in)
    assert news(signed_in) == ["1", "1"]
    signed_in("ziyou2").post(f"{url}/rule", form=url, ruling="select")
    assert news(signed_in) == ["", ""]
