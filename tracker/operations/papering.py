"""`tracker paper`: official papers as files, the same that the pages hand out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from tracker import storage
from tracker.clock import now, today
from tracker.db import db, writing
from tracker.papers import keeping
from tracker.papers.keeping import Keep
from tracker.papers.models import Paper
from tracker.registry.models import Unit
from tracker.supervision import queries, states
from tracker.supervision.models import Digest
from tracker.supervision.snapshots import SITUATION

NOT_SENT = "没有这件已发出的催办单，请核对编号。"
NOT_ISSUED = "没有这件已印发的通报，请核对编号。"
NO_OFFICE = "没有名为“{}”的统筹单位，请填写名录中的全称。"
NOT_YET = "统计截止日不能晚于今天。"


class Refused(Exception):
    """No such paper; the message says why."""


def urge(number: int, out: Path) -> str:
    def make(keep: Keep) -> Paper:
        found = queries.urge(number)
        if found is None or found.state not in states.ISSUED:
            raise Refused(NOT_SENT)
        return keeping.of_urge(found, keep)

    return _written(make, out)


def bulletin(number: int, out: Path) -> str:
    def make(keep: Keep) -> Paper:
        found = queries.bulletin(number)
        if found is None or found.state != states.PUBLISHED:
            raise Refused(NOT_ISSUED)
        return keeping.of_bulletin(found, keep)

    return _written(make, out)


def situation(office: str, day: date, reader: str, out: Path) -> str:
    """From the day's digest where there is one, else as the day is known."""
    if day > today():
        raise Refused(NOT_YET)

    def make(keep: Keep) -> Paper:
        unit = db.session.scalar(select(Unit).where(Unit.name == office, Unit.is_office))
        if unit is None:
            raise Refused(NO_OFFICE.format(office))
        told = Digest.kind == SITUATION, Digest.recipient_id == unit.id, Digest.day == day
        if digest := db.session.scalar(select(Digest).where(*told)):
            return keeping.of_digest(digest, reader, keep)
        return keeping.of_day(unit.id, day, reader, keep)

    return _written(make, out)


def _written(make: Callable[[Keep], Paper], out: Path) -> str:
    folder = current_app.config["TRACKER"].papers
    with writing():
        paper = make(Keep(folder=folder, at=now()))
        digest = paper.sha256
        db.session.commit()
    storage.settle(folder, digest)
    try:
        out.write_bytes(storage.fetch(folder, digest))
    except OSError as error:
        raise Refused(f"无法写入 {out}，请核对文件夹是否存在、是否可写。") from error
    return f"{out} SHA-256 {digest}"
