"""`tracker init`: migrations, seeds and, on wish, the demonstration and official texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tracker.clock import now
from tracker.db import db, take_in_alone, writing
from tracker.notices.importing import Refused as NoticeRefused
from tracker.notices.reading.files import Unreadable
from tracker.operations import importing, migrating, seeding
from tracker.registry.models import Installation
from tracker.registry.queries import installation

Say = Callable[[str], None]


class Refused(Exception):
    """The installation cannot be set up as asked; the message says why."""


def initialise(*, demonstration: bool, on: date, sources: Path | None, say: Say) -> None:
    """Running it again changes nothing; each step is one transaction."""
    migrating.upgrade()
    with writing():
        take_in_alone()
        _decide_kind(demonstration, on)
        seeding.seed_registry()
        count = seeding.seed_notices(on)
        db.session.commit()
    say(f"名录和通知已就绪，本次新载入通知{count}件。")
    if sources is not None:
        _load_sources(sources, on, say)


def _decide_kind(demonstration: bool, on: date) -> None:
    """Decided once: demonstration data never comes into a real installation."""
    known = installation()
    if known is None:
        db.session.add(Installation(id=1, is_demonstration=demonstration, started_on=on))
        db.session.flush()
    elif demonstration and not known.is_demonstration:
        raise Refused(
            "本系统已按正式环境建立，不能再载入演示数据；请另设 TRACKER_INSTANCE 后重试。"
        )


def _load_sources(folder: Path, on: date, say: Say) -> None:
    for file in sorted(path for path in folder.iterdir() if _is_document(path)):
        name = importing.name_of(file)
        try:
            with writing():
                outcome = importing.confirm_file(file, on=on, at=now())
                db.session.commit()
        except (Unreadable, NoticeRefused) as error:
            raise Refused(f"{name}：{error}") from error
        say(f"{name}：{outcome}")


def _is_document(path: Path) -> bool:
    """Desktops leave files of their own in a folder, with a dot in front."""
    return path.is_file() and not path.name.startswith(".")
