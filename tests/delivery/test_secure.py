"""Mail over TLS and STARTTLS with a certificate made for the test, and with a password."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from tests.delivery.posts import messages
from tests.delivery.test_mail import answers, deliver, posted, states
from tests.smtp import Postbox, serving
from tracker.config import MailServer
from tracker.delivery.letters import MAIL

AUTHORITY = trustme.CA()


@pytest.fixture
def certified(tmp_path: Path) -> dict[str, Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return {"context": context, "ca_file": str(tmp_path / "ca.pem")}


def known(_server: Any, _session: Any, _envelope: Any, _method: str, said: Any) -> AuthResult:
    right = said == LoginPassword(b"tracker", b"richtig")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def starttls(postbox: Postbox, certified: dict[str, Any]) -> Iterator[MailServer]:
    with serving(
        postbox,
        tls_context=certified["context"],
        require_starttls=True,
        authenticator=known,
        auth_required=True,
    ) as server:
        yield replace(
            server,
            security="starttls",
            ca_file=certified["ca_file"],
            user="tracker",
            password="richtig",
        )


def test_mail_goes_over_starttls_with_a_password(
    house: Flask, starttls: MailServer, postbox: Postbox
) -> None:
    posted()
    deliver(starttls)
    assert states() == ["sent", "sent"]


@pytest.mark.parametrize(
    "wrong", [{"password": "falsch"}, {"ca_file": ""}, {"security": "none", "user": ""}]
)
def test_what_is_wrong_with_the_way_puts_mail_off_and_loses_none(
    house: Flask, starttls: MailServer, postbox: Postbox, wrong: dict[str, str]
) -> None:
    posted()
    deliver(replace(starttls, **wrong))
    assert states() == ["failed", "pending"]
    assert postbox.mails == []
    assert answers()
    assert "falsch" not in answers()


def test_mail_goes_over_tls(house: Flask, postbox: Postbox, certified: dict[str, Any]) -> None:
    posted()
    with serving(postbox, ssl_context=certified["context"]) as server:
        deliver(replace(server, security="tls", ca_file=certified["ca_file"]))
    assert [message.state for message in messages(MAIL)] == ["sent", "sent"]
