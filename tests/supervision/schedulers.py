"""Schedulers as processes of their own, each with a clock that the test sets at every beat."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from tracker.config import Settings

START = get_context("forkserver")
START.set_forkserver_preload(["tests.supervision.schedulers", "tracker.cli", "tests.frozen"])
SECONDS = 60


def work(settings: Settings, holder: str, orders: Connection) -> None:
    """The process: at each order one beat of the timetable, and what runs every minute."""
    from tracker.app import create_app  # noqa: PLC0415  the server that forks it has it already
    from tracker.clock import day_of, now  # noqa: PLC0415
    from tracker.jobs import timetable  # noqa: PLC0415

    app = create_app(settings)
    orders.send("ready")
    while True:
        os.environ["TRACKER_NOW"] = orders.recv()
        with app.app_context():
            told = timetable.beat(holder, now())
        if told is not None:
            with app.app_context():
                timetable.always(day_of(now()), now())
        orders.send(told)


class Scheduler:
    """One of the two, under its name; started anew after it was killed."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings, self.name, self.lives = settings, name, 0
        self.start()

    def start(self) -> None:
        self.lives += 1
        self.orders, theirs = START.Pipe()
        holder = f"{self.name}-{self.lives}"
        self.process = START.Process(target=work, args=(self.settings, holder, theirs))
        self.process.start()
        theirs.close()
        self.is_ready = False

    def tell(self, moment: datetime) -> None:
        if not self.is_ready:
            assert self._answer() == "ready"
            self.is_ready = True
        self.orders.send(moment.isoformat())

    def wait(self) -> list[dict[str, Any]] | None:
        """What it ran; None where the other one leads."""
        return self._answer()

    def _answer(self) -> Any:
        assert self.orders.poll(SECONDS), f"{self.name} says nothing"
        return self.orders.recv()

    def kill(self) -> bool:
        """With SIGKILL; whether it was still at work."""
        was_at_work = not self.orders.poll(0)
        self.end()
        self.start()
        return was_at_work

    def end(self) -> None:
        self.process.kill()
        self.process.join(SECONDS)
        assert self.process.exitcode == -signal.SIGKILL
        self.orders.close()
