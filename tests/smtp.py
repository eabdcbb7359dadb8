"""A real SMTP server on loopback that keeps what it accepts, and can be made to misbehave."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tracker.config import MailServer

SENDER = "跟踪系统 <tracker@office.invalid>"
ACCEPTED = "250 OK"
PATIENCE = 60  # seconds, for a busy machine; who is to wait in vain is given less


@dataclass(frozen=True)
class Mail:
    """One message as the server took it."""

    to: str
    data: bytes

    @property
    def read(self) -> EmailMessage:
        read = message_from_bytes(self.data, policy=default)
        assert isinstance(read, EmailMessage)
        return read

    @property
    def message_id(self) -> str:
        return str(self.read["Message-ID"])


class Postbox:
    """What came in, and what the server is to answer instead of taking it."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.connections = 0
        # Answers to RCPT and to the end of DATA, one after the other; then mail is taken.
        self.to_rcpt: dict[str, list[str]] = defaultdict(list)
        self.to_data: dict[str, list[str]] = defaultdict(list)
        # Addresses whose DATA is broken off in the middle, or never answered.
        self.drops: list[str] = []
        self.hangs: list[str] = []
        self.hanging = threading.Event()
        # After so many mails a connection is closed by the server; 0 keeps it.
        self.most_at_once = 0

    @property
    def ids(self) -> list[str]:
        return [mail.message_id for mail in self.mails]

    @property
    def to(self) -> list[str]:
        return [mail.to for mail in self.mails]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = next_of(self.to_rcpt[address])
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        (to,) = envelope.rcpt_tos
        answer = next_of(self.to_data[to])
        if answer == ACCEPTED:
            assert isinstance(envelope.original_content, bytes)
            self.mails.append(Mail(to, envelope.original_content))
        if to in self.hangs:
            self.hangs.remove(to)
            self.hanging.set()
            await asyncio.Event().wait()
        return answer


def next_of(answers: list[str]) -> str:
    return answers.pop(0) if answers else ACCEPTED


class Server(SMTP):
    """Breaks off where the postbox says so: after it asked for the text, before it has it."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        to = self.envelope.rcpt_tos[0] if self.envelope.rcpt_tos else ""
        if to in self.event_handler.drops:
            self.event_handler.drops.remove(to)
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        self.mails = getattr(self, "mails", 0) + 1
        if 0 < self.event_handler.most_at_once < self.mails:
            await self.push("421 4.7.0 Too many messages in one connection")
            self.transport.close()
            return
        await super().smtp_MAIL(arg)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)


class Door(Controller):
    """On a port that is held from the moment it is found."""

    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        listening = socket.create_server((self.hostname, 0))
        self.port = listening.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listening, ssl=self.ssl_context)


@contextmanager
def serving(postbox: Postbox, **more: Any) -> Iterator[MailServer]:
    """A server on a free port; `more` goes to aiosmtpd (tls_context, authenticator …)."""
    known: dict[str, Any] = {"hostname": "127.0.0.1", "data_size_limit": None, **more}
    door = Door(postbox, ready_timeout=PATIENCE, **known)
    door.start()
    postbox.connections = 0  # the controller tries its own door once
    try:
        yield MailServer(host="127.0.0.1", port=door.port, sender=SENDER, timeout=PATIENCE)
    finally:
        door.stop()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port at which nobody listens, held so that nobody can come to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def url(server: MailServer) -> str:
    """The setting by which a process of its own finds the server."""
    return f"smtp://{server.host}:{server.port}?timeout={server.timeout}"
