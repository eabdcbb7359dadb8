"""The timetable only: a heartbeat that runs what is due, in a process of its own or beside a site.

What runs when stands in the database; the heartbeat reads it anew each time, so that a time
changed on the page takes over without a restart.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from tracker.clock import SHANGHAI, day_of, now
from tracker.db import db, writing
from tracker.jobs import timetable
from tracker.supervision import running

BEAT, MINUTE = 20, 60
Say = Callable[[str], None]


class Heartbeat:
    """One scheduler's life: its name in the ledger, and what it does at each tick."""

    def __init__(self, app: Flask, say: Say) -> None:
        self.app, self.say = app, say
        self.holder = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.leads = False

    def beat(self) -> None:
        with self.app.app_context():
            told = timetable.beat(self.holder, now())
        self.leads = told is not None
        for run in told or ():
            self.say("，".join(f"{name}={value}" for name, value in run.items()))

    def every_minute(self) -> None:
        """Sending may take long: it never holds up the beat by which this one goes on leading."""
        if self.leads:
            with self.app.app_context():
                moment = now()
                timetable.always(day_of(moment), moment)

    def give_up(self) -> None:
        with self.app.app_context(), writing():
            running.give_up(self.holder, now())
            db.session.commit()


def start(app: Flask, say: Say = lambda _line: None) -> BackgroundScheduler:
    """Ticks in threads of this process until it is shut down; each run is said in one line."""
    heart = Heartbeat(app, say)
    scheduler = BackgroundScheduler(
        timezone=SHANGHAI,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    begun = datetime.now(SHANGHAI)  # ticks follow the machine, whatever TRACKER_NOW says
    for tick, seconds, delay in ((heart.beat, BEAT, 2), (heart.every_minute, MINUTE, 4)):
        first = begun + timedelta(seconds=delay)
        scheduler.add_job(tick, "interval", seconds=seconds, next_run_time=first)
    scheduler.add_listener(lambda _event: heart.give_up(), EVENT_SCHEDULER_SHUTDOWN)
    scheduler.start()
    return scheduler


def run(app: Flask, say: Say) -> None:
    """Until the process is told to end."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    scheduler = start(app, say)
    ended.wait()
    scheduler.shutdown()
