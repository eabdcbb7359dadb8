"""Mail against a real server: taken, refused, put off, broken off."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import moment
from tests.delivery.posts import DAY, FILE, messages, post, ways
from tests.smtp import PATIENCE, Postbox, closed_port
from tracker.config import MailServer
from tracker.db import db, writing
from tracker.delivery import sending, stamping
from tracker.delivery.answers import MOST_TRIES
from tracker.delivery.letters import INBOX, MAIL
from tracker.delivery.models import Attempt
from tracker.registry.models import Person

NOW = moment(DAY, 8).astimezone(UTC)
SITE = "http://tracker.invalid"


def posted(number: int = 1, **more: object) -> list[str]:
    """Letters to filer and signer of 省税务局, committed; whom they go to."""
    with writing():
        for one in range(number):
            post(f"unit-digest:{one}", **more)
        addresses = [way.address for way in ways() if way.channel == MAIL]
        db.session.commit()
    return addresses


def deliver(mail: MailServer | None, *, after: timedelta = timedelta()) -> Mapping[str, int]:
    return sending.deliver(NOW + after, mail=mail, base_url=SITE)


def states(channel: str = MAIL) -> list[str]:
    return [message.state for message in messages(channel)]


def outcomes() -> list[str]:
    return list(db.session.scalars(select(Attempt.outcome).order_by(Attempt.id)))


def answers() -> str:
    return "\n".join(db.session.scalars(select(Attempt.answer).order_by(Attempt.id)))


def test_mail_is_sent_once_over_one_connection(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, signer = posted(3)
    assert deliver(mail)["deliver"] == 6
    deliver(mail)
    assert sorted(postbox.to) == sorted([filer, signer] * 3)
    assert sorted(postbox.ids) == sorted(message.message_id for message in messages(MAIL))
    assert states() == ["sent"] * 6
    assert postbox.connections == 1
    assert messages(INBOX)[0].tries == 0


def test_a_mail_holds_text_and_html_and_the_file_under_its_chinese_name(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, _ = posted(attachment=FILE)
    deliver(mail)
    read = next(one.read for one in postbox.mails if one.to == filer)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["逾期2项。", ".开头的一行也要送到。"]
    assert html.get_content().splitlines() == ["<p>逾期2项。</p>"]
    (file,) = read.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (FILE.name, FILE.data)
    assert read["Subject"] == "省税务局：逾期2项，临近到期3项"
    assert read["From"].addresses[0].display_name == "跟踪系统"
    assert read["Date"].datetime == NOW
    assert read["List-Unsubscribe"] == f"<{SITE}/messages/channels>"
    assert read["Auto-Submitted"] == "auto-generated"


def test_one_bad_address_stops_nobody_else(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, signer = posted(2)
    postbox.to_rcpt[filer] = ["550 5.1.1 没有这个用户", "550 5.1.1 没有这个用户"]
    assert deliver(mail)["give up"] == 2
    assert postbox.to == [signer, signer]
    assert states() == ["dead", "sent", "dead", "sent"]
    assert "550 5.1.1 没有这个用户" in answers()
    assert postbox.connections == 1


@pytest.mark.parametrize("when", ["to_rcpt", "to_data"])
def test_what_is_put_off_is_tried_again_after_a_pause(
    house: Flask, mail: MailServer, postbox: Postbox, when: str
) -> None:
    filer, _ = posted()
    getattr(postbox, when)[filer] = ["451 4.7.1 请稍后再试"]
    deliver(mail)
    deliver(mail)
    assert states() == ["failed", "sent"]
    deliver(mail, after=timedelta(minutes=2))
    assert states() == ["sent", "sent"]
    assert outcomes() == ["defer", "deliver", "deliver"]
    assert len(set(postbox.ids)) == len(postbox.ids) == 2


def test_what_the_server_never_takes_ends_as_a_dead_letter(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, _ = posted()
    postbox.to_data[filer] = ["452 4.3.1 空间不足"] * 50
    for days in range(MOST_TRIES + 3):
        deliver(mail, after=timedelta(days=days))
    message = messages(MAIL)[0]
    assert (message.state, message.tries) == ("dead", MOST_TRIES)
    assert f"已尝试{MOST_TRIES}次" in answers()


def test_a_dead_letter_goes_to_the_corrected_address_when_a_person_says_so(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, _ = posted()
    postbox.to_rcpt[filer] = ["550 no such user"]
    deliver(mail)
    dead = messages(MAIL)[0]
    with writing():
        db.session.get_one(Person, dead.person_id).email = "right@people.invalid"
        assert stamping.resend([dead.id], by=dead.person_id, at=NOW) == 1
        assert stamping.resend([messages(MAIL)[1].id], by=dead.person_id, at=NOW) == 0
        db.session.commit()
    deliver(mail)
    assert postbox.to[-1] == "right@people.invalid"
    assert outcomes()[-2:] == ["resend", "deliver"]


def test_a_connection_that_breaks_in_the_middle_is_unclear_and_tried_again(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, signer = posted()
    postbox.drops.append(filer)
    deliver(mail)
    assert states() == ["unclear", "sent"]
    assert postbox.to == [signer]
    deliver(mail, after=timedelta(minutes=2))
    assert postbox.to == [signer, filer]
    assert outcomes() == ["lose", "deliver", "deliver"]
    assert "对方可能已经收到" in answers()


def test_a_server_that_never_answers_costs_one_time_out(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, signer = posted()
    postbox.hangs.append(filer)
    deliver(replace(mail, timeout=2))
    assert states() == ["unclear", "sent"]
    deliver(mail, after=timedelta(minutes=2))
    # It had arrived after all: the same Message-ID lets the other side see that.
    assert postbox.to == [filer, signer, filer]
    assert len(set(postbox.ids)) == 2


def test_a_server_that_closes_a_connection_it_has_used_enough_gets_the_next_on_a_new_one(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    posted(4)
    postbox.most_at_once = 3
    deliver(mail)
    assert states() == ["sent"] * 8
    assert postbox.connections == 3
    assert set(outcomes()) == {"deliver"}


def test_without_a_server_mail_waits_and_keeps_its_tries(house: Flask) -> None:
    posted(5)
    deliver(None)
    assert states() == ["pending"] * 10
    with closed_port() as port:
        gone = MailServer(host="127.0.0.1", port=port, sender="a@b.invalid", timeout=PATIENCE)
        for _ in range(3):
            deliver(gone)
    assert sorted(states()) == ["failed"] * 3 + ["pending"] * 7
    assert "无法连接邮件服务器" in answers()


def test_a_server_that_does_not_greet_is_left_after_its_time_out(house: Flask) -> None:
    posted(2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        deliver(MailServer(host="127.0.0.1", port=port, sender="a@b.invalid", timeout=0.3))
    assert sorted(states()) == ["failed", "pending", "pending", "pending"]


def test_what_was_due_for_a_month_is_not_sent_any_more(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    posted()
    assert deliver(mail, after=timedelta(days=31))["expired"] == 2
    assert states() == ["dead", "dead"]
    assert postbox.mails == []


def test_an_address_with_a_line_break_is_refused(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    bad = replace(ways()[1], address="a@b.invalid\r\nBcc: all@b.invalid")
    with writing():
        post(to=[bad, *ways()[3:]])
        db.session.commit()
    deliver(mail)
    assert states() == ["dead", "sent"]
    assert len(postbox.mails) == 1
