"""Reads of kept papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from tracker.db import db
from tracker.papers.models import Paper


def paper(paper_id: int) -> Paper | None:
    return db.session.get(Paper, paper_id)


def papers_of(
    office_id: int, *, kind: str = "", before: int = 0, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """An office's, the newest first, without what their figures count."""
    query = select(
        Paper.id,
        Paper.kind,
        Paper.about,
        Paper.title,
        Paper.addressee,
        Paper.as_of,
        Paper.sha256,
        Paper.size,
        Paper.made_at,
    ).where(Paper.office_id == office_id)
    if kind:
        query = query.where(Paper.kind == kind)
    if before:
        query = query.where(Paper.id < before)
    return db.session.execute(query.order_by(Paper.id.desc()).limit(limit)).all()
