"""Killed at any moment: no evidence file without its row, no row without its file.

A process uploads and files as fast as it can and says what it has done; it is killed after a
random while, twenty times over the same database and folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import random
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from tests.cast import Desk
from tests.reports import crash_worker
from tracker import storage
from tracker.db import db
from tracker.reports import evidence
from tracker.reports.models import Backing, Evidence, Report, Revision
from tracker.tasks.models import Obligation
from tracker.tasks.tallying import differences

TIMES = 20
FIRST_LIFE = 0.2  # seconds


def killed(app: Flask, desk: Desk, run: int, seconds: float) -> list[str]:
    """What a worker said before it was killed; each line is said after its commit."""
    fork = multiprocessing.get_context("fork")
    heard, said = fork.Pipe(duplex=False)
    given = (app.config["TRACKER"], desk.cast.filer, desk.cast.signer, run, said)
    db.engine.dispose()  # what is forked shares no connection
    worker = fork.Process(target=crash_worker.work, args=given)
    worker.start()
    said.close()
    assert heard.recv() == "ready"
    worker.join(seconds)
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    return list(lines(heard))


def lines(heard: Connection) -> Iterator[str]:
    with heard, contextlib.suppress(EOFError):
        while True:
            yield heard.recv()


def check_files(folder: Path) -> None:
    """After the sweep that follows a crash, files and rows are the same, and whole."""
    evidence.sweep(folder, datetime.now(UTC) + timedelta(days=1))
    rows = set(db.session.scalars(select(Evidence.sha256)))
    places = {path.name for path in folder.rglob("*") if path.is_file()}
    assert places == rows
    assert all(hashlib.sha256(storage.fetch(folder, sha)).hexdigest() == sha for sha in rows)


def check_reports(said: list[str]) -> None:
    """Every receipt that was shown is there; what was not filed is a whole draft."""
    receipts = set(db.session.scalars(select(Revision.receipt)))
    assert set(said) <= receipts
    assert len(receipts) == int(max(receipts, default="2026-0").partition("-")[2])
    filed = select(func.count()).select_from(Obligation).where(Obligation.status == "filed")
    sent = select(func.count()).select_from(Report).where(Report.state == "filed")
    assert db.session.scalar(filed) == db.session.scalar(sent) == len(receipts)
    loose = select(Report.id).where(Report.id.not_in(select(Backing.report_id)))
    assert db.session.scalars(loose).all() == []
    assert differences() == 0


def test_killed_twenty_times_files_and_rows_agree_and_no_receipt_is_lost(alone: Desk) -> None:
    chance = random.Random(20261123)
    folder = alone.app.config["TRACKER"].instance / "evidence"
    said: list[str] = []
    life = FIRST_LIFE
    for run in range(TIMES):
        db.session.remove()
        heard = killed(alone.app, alone, run, life * chance.uniform(0.2, 1.5))
        # The machine teaches how long a filing takes: kills fall among the first few.
        life *= 0.7 if heard else 1.4
        said.extend(heard)
        check_files(folder)
        check_reports(said)
    assert said
