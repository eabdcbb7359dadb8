"""消息: a person reads what they were told, and chooses by which channels."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.web.conftest import Visit
from tests.web.delivering import SUBJECT, ids, sent, told
from tests.web.test_people import logged
from tracker.delivery.letters import INBOX


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


def test_a_message_is_for_its_reader_alone(
    signed_in: Callable[[str], Visit], filer: Visit, site: Flask
) -> None:
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
