"""A server killed in the middle of a filing: what was shown is found, and the rest is whole."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import random
import signal
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import waitress
from flask import Flask
from sqlalchemy import func, select

from tests.cast import TAX, unit
from tests.web.conftest import TOKEN, Visit
from tests.web.filing import FIELD, ids_owed, owe, write
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db
from tracker.reports.models import Evidence, Report, Revision
from tracker.reports.states import FILED, SIGNING
from tracker.tasks.models import Move, Obligation

KILLS = 50
PERIODS = ("2026-Q1", "2026-Q2", "2026-Q3")
SLUGS = ("yfh-2023-59", "yfh-2020-146", "ftz-10", "ybh-2019-376")
FIRST_LIFE = 0.05  # seconds from the request to the kill; the machine teaches how long it takes


def serve(settings: Settings, listening: socket.socket) -> None:
    waitress.serve(create_app(settings), sockets=[listening], threads=2, _quiet=True)


@dataclass
class Server:
    """One address, behind which a server dies and another one comes up."""

    settings: Settings
    listening: socket.socket
    process: multiprocessing.process.BaseProcess | None = None
    cookies: str = ""
    shown: list[str] = field(default_factory=list)

    def start(self) -> None:
        fork = multiprocessing.get_context("fork")
        self.process = fork.Process(target=serve, args=(self.settings, self.listening))
        self.process.start()

    def kill(self) -> None:
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, place and text of an answer; the connection queues until somebody listens."""
        host, port = self.listening.getsockname()
        connection = http.client.HTTPConnection(host, port, timeout=60)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urllib.parse.urlencode(form or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        new = [h.split(";")[0] for name, h in answer.getheaders() if name == "Set-Cookie"]
        self.cookies = "; ".join(new) or self.cookies
        return answer.status, answer.getheader("Location") or "", text

    def sign_in(self, account: str) -> None:
        token = TOKEN.search(self.ask("GET", "/sign-in")[2])
        form = {
            "account": account,
            "password": "demo-2026",
            "csrf_token": token[1] if token else "",
        }
        assert self.ask("POST", "/sign-in", form)[0] == 302

    def sign_and_die(self, owed: int, life: float) -> None:
        """Sign one report, and kill the server at some moment of that."""
        page = self.ask("GET", f"/obligations/{owed}")[2]
        token, version = TOKEN.search(page), FIELD.search(page)
        assert token
        assert version
        form = {"csrf_token": token[1], "version": version[1]}
        asking = threading.Thread(target=self._note, args=(owed, form))
        asking.start()
        asking.join(timeout=life)
        self.kill()
        asking.join()

    def _note(self, owed: int, form: dict[str, str]) -> None:
        try:
            _, place, _ = self.ask("POST", f"/obligations/{owed}/sign", form)
        except (OSError, http.client.HTTPException):
            return
        if place.startswith("/receipts/"):
            self.shown.append(place.removeprefix("/receipts/"))


@pytest.fixture
def server(site: Flask, settings: Settings) -> Iterator[Server]:
    owe(site)
    listening = socket.create_server(("127.0.0.1", 0))
    made = Server(settings=settings, listening=listening)
    yield made
    if made.process is not None and made.process.is_alive():
        made.kill()
    listening.close()


def waiting(site: Flask, filer: Visit) -> list[int]:
    """As many reports as there will be kills, each waiting for its signature."""
    found = [owed for slug in SLUGS for p in PERIODS for owed in ids_owed(site, TAX, slug, p)]
    for owed in found[:KILLS]:
        assert write(filer, owed, "submit").status_code in (200, 302)
    return found[:KILLS]


def test_every_receipt_that_was_shown_is_found_and_every_other_draft_is_whole(
    site: Flask, filer: Visit, server: Server
) -> None:
    owed = waiting(site, filer)
    assert len(owed) == KILLS
    with site.app_context():
        db.engine.dispose()  # what is forked shares no connection
    random_lives = random.Random(7)
    server.start()
    server.sign_in("shuiwu2")
    life = FIRST_LIFE
    for one in owed:
        before = len(server.shown)
        server.sign_and_die(one, life * random_lives.uniform(0.5, 1.5))
        # Shorter after an answer, longer after none: kills fall around the moment of the commit.
        life *= 0.7 if len(server.shown) > before else 1.4
        server.start()
    filed = _all_is_whole(site, owed, server.shown)
    assert 0 < filed < KILLS


def _all_is_whole(site: Flask, owed: list[int], shown: list[str]) -> int:
    with site.app_context():
        receipts = set(db.session.scalars(select(Revision.receipt)))
        assert set(shown) <= receipts
        states = [_whole(one) for one in owed]
        numbers = sorted(int(receipt.partition("-")[2]) for receipt in receipts)
        assert numbers == list(range(1, len(numbers) + 1))
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
        assert states.count(FILED) == len(receipts)
        return states.count(FILED)


def _whole(owed: int) -> str:
    """Filed with one revision and one move, or waiting with neither; never in between."""
    obligation = db.session.get_one(Obligation, owed)
    report = db.session.scalars(select(Report).where(Report.obligation_id == owed)).one()
    revisions = db.session.scalars(select(Revision).where(Revision.report_id == report.id)).all()
    moves = db.session.scalars(
        select(Move).where(Move.obligation_id == owed, Move.event == "file")
    ).all()
    is_filed = report.state == FILED
    assert report.state in (FILED, SIGNING)
    assert len(revisions) == len(moves) == report.revision == int(is_filed)
    assert (obligation.status == "filed") == is_filed == (obligation.awaited_by is None)
    assert report.unit_id == unit(TAX).id
    return report.state
