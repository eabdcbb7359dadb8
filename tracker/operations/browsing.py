"""Pages as a browser gets them: over HTTP, compressed, from the server of `tracker serve`."""

from __future__ import annotations

import gzip
import logging
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from threading import Thread
from urllib.parse import quote, urlencode

from flask import Flask
from waitress.server import create_server

HERE = "127.0.0.1"
WORKERS = 2
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/[^"]+)"')
REFUSING = 400


class SignInRefused(Exception):
    """An account did not get in; the message says which and how."""


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The port at which two workers answer."""
    listening = socket.create_server((HERE, 0))
    server = create_server(app, sockets=[listening], threads=WORKERS, ident=None)
    # That a request waited a moment for a worker is part of what is measured.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join()


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    location: str | None
    is_compressed: bool
    sent: bytes

    @property
    def text(self) -> str:
        return (gzip.decompress(self.sent) if self.is_compressed else self.sent).decode()


class Browser:
    """One person's: it stays connected and keeps its cookies."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HERE, port)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def sign_in(self, account: str, password: str) -> None:
        token = TOKEN.search(self.get("/sign-in").text)
        form = {"account": account, "password": password}
        answer = self.post("/sign-in", {**form, "csrf_token": token[1] if token else ""})
        if answer.status >= REFUSING or answer.location is None:
            raise SignInRefused(f"{account} 不能登录（{answer.status}）。")

    def loaded_by(self, page: Answer) -> int:
        """Bytes of all that a page loads, before anything of it is kept."""
        return sum(len(self.get(one).sent) for one in dict.fromkeys(LOADED.findall(page.text)))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, quote(path, safe="/?&=%"), body, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            known = SimpleCookie(cookie)
            self._cookies |= {name: one.value for name, one in known.items()}
        return Answer(
            status=answer.status,
            location=answer.headers["Location"],
            is_compressed=answer.headers["Content-Encoding"] == "gzip",
            sent=answer.read(),
        )
