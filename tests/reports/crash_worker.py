"""Uploads evidence and files reports until it is killed, in a process forked by test_crash.py."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection
from pathlib import Path

from tests.cast import (
    BODY,
    CITY,
    EIGHTH,
    FORWARDED,
    OLD,
    STARTED,
    TENTH,
    WORKDAYS,
    by,
    moment,
    tasks_of,
    unit,
)
from tracker import storage
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db, writing
from tracker.reports import evidence, filing, queries, writing as drafts
from tracker.tasks.models import Obligation, Task

FEW = 3  # so that there is work left for every life
NOTICES = (EIGHTH, TENTH, FORWARDED, OLD)


def one(folder: Path, task: Task, mark: str, filer: int, signer: int) -> str:
    """One report with its evidence, filed in one transaction, as a request does it."""
    at = moment(STARTED)
    owed = queries.obligation(
        db.session.query(Obligation.id).filter_by(task_id=task.id, period="2026-H1").scalar()
    )
    assert owed is not None
    if owed.status != "due":
        return ""
    data = b"%PDF-" + mark.encode() * 20_000
    taken = evidence.take(data, "证明.pdf", folder=folder, unit_id=unit(CITY).id, by=filer, at=at)
    report = drafts.begin(owed, by=filer, at=at)
    drafts.save(report, BODY, version=report.version, by=filer, at=at)
    evidence.back(report, [taken])
    filing.submit(report, queries.asked_of(owed), by(filer, STARTED))
    revision = filing.sign(report, owed, by(signer, STARTED), WORKDAYS)
    receipt, digest = revision.receipt, taken.sha256
    db.session.commit()
    storage.settle(folder, digest)
    return receipt


def work(settings: Settings, filer: int, signer: int, run: int, said: Connection) -> None:
    """Say each receipt once its filing is committed; after a few, wait to be killed."""
    app = create_app(settings)
    with app.app_context():
        ids = [task.id for slug in NOTICES for task in tasks_of(CITY, slug)]
        db.session.remove()
        said.send("ready")
        filed = 0
        for task_id in ids:
            with writing():
                task = db.session.get_one(Task, task_id)
                mark = f"{run}-{task_id}"
                receipt = one(settings.instance / "evidence", task, mark, filer, signer)
                db.session.remove()
            if receipt:
                said.send(receipt)
                filed += 1
            if filed == FEW:
                break
    signal.pause()
