"""A paper is made once and kept: who asks again gets the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker import storage
from tracker.clock import day_of
from tracker.db import db
from tracker.papers.bulletin_paper import bulletin_paper
from tracker.papers.made import BULLETIN, SITUATION, URGE, Made
from tracker.papers.models import Paper
from tracker.papers.situation_paper import Situation, about, situation_paper
from tracker.papers.urge_paper import urge_paper
from tracker.registry.queries import department_of, name_of_unit, workdays
from tracker.registry.settings import in_force
from tracker.supervision import queries
from tracker.supervision.drafting import situation
from tracker.supervision.knowing import as_made, as_of
from tracker.supervision.models import Bulletin, Digest, Urge
from tracker.supervision.snapshots import from_json


@dataclass(frozen=True, kw_only=True)
class Keep:
    """Where a new paper goes, and who asked for it when."""

    folder: Path
    at: datetime
    person_id: int | None = None


def of_urge(urge: Urge, keep: Keep) -> Paper:
    """Of one that was sent."""
    return _kept(URGE, str(urge.id), lambda: urge_paper(urge, queries.covered(urge.id)), keep)


def of_bulletin(bulletin: Bulletin, keep: Keep) -> Paper:
    """Of one that was issued."""
    lines = queries.bulletin_lines
    made = lambda: bulletin_paper(bulletin, lines(bulletin.id))  # noqa: E731
    return _kept(BULLETIN, str(bulletin.id), made, keep)


def of_digest(digest: Digest, reader: str, keep: Keep) -> Paper:
    """The situation that an office was told: its figures, and what it knew then."""
    asked = as_made(digest.day, digest.made_at)

    def make() -> Made:
        told = Situation(
            office_id=digest.recipient_id,
            office_name=name_of_unit(digest.recipient_id) or "",
            signed_by=department_of(digest.recipient_id),
            page=from_json(digest.page),
            asked=asked,
            soon=_soon(digest.day),
        )
        return situation_paper(told, reader)

    return _kept(SITUATION, about(digest.recipient_id, digest.day, reader), make, keep)


def of_day(office_id: int, day: date, reader: str, keep: Keep) -> Paper:
    """The situation as of a day on which no digest told it."""
    asked = as_of(day, today=day_of(keep.at))

    def make() -> Made:
        told = Situation(
            office_id=office_id,
            office_name=name_of_unit(office_id) or "",
            signed_by=department_of(office_id),
            page=situation(asked, office_id),
            asked=asked,
            soon=_soon(day),
        )
        return situation_paper(told, reader)

    return _kept(SITUATION, about(office_id, day, reader), make, keep)


def _soon(day: date) -> date:
    return workdays().after(day, in_force(day).reminder_workdays)


def _kept(kind: str, about: str, make: Callable[[], Made], keep: Keep) -> Paper:
    known = select(Paper).where(Paper.kind == kind, Paper.about == about)
    if found := db.session.scalar(known):
        return found
    paper = _row(make(), keep)
    try:
        with db.session.begin_nested():
            db.session.add(paper)
    except IntegrityError:
        return db.session.scalars(known).one()
    return paper


def _row(made: Made, keep: Keep) -> Paper:
    return Paper(
        kind=made.kind,
        about=made.about,
        office_id=made.office_id,
        title=made.title,
        addressee=made.addressee,
        as_of=made.as_of,
        sha256=storage.keep(keep.folder, made.data),
        size=len(made.data),
        figures={mark: asdict(counted) for mark, counted in made.figures.items()},
        made_at=keep.at,
        made_by=keep.person_id,
    )
