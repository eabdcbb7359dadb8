"""`tracker scheduler`: a process of its own that beats, says what it ran, and ends when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.commands import environment
from tracker.clock import now
from tracker.db import db
from tracker.supervision import digest_queries, running

TRACKER = Path(sys.executable).with_name("tracker")
MOMENT = "2026-04-20T09:00:00+08:00"


def test_it_runs_what_is_due_and_gives_its_lease_back(app: Flask, monkeypatch: object) -> None:
    settings = app.config["TRACKER"]
    given = {"TRACKER_DATABASE_URL": settings.database_url, "TRACKER_NOW": MOMENT}
    command = [TRACKER, "scheduler"]
    own = environment(settings.instance, PYTHONUNBUFFERED="1", **given)
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert said[0] == "定时服务已启动。按 Ctrl+C 停止。\n"
    assert said[1].startswith("job=open-periods，day=2026-04-20")
    db.session.rollback()
    assert digest_queries.latest_runs()["open-periods"].state == running.DONE
    lease = digest_queries.leader()
    assert lease is not None
    assert lease.until.replace(tzinfo=None) < now().replace(tzinfo=None)
