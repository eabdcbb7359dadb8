"""Reads of difficulties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from tracker.db import db
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.registry.models import Person

Rows = Sequence[Row[*tuple[Any, ...]]]


def moves_of_task(task_id: int) -> Rows:
    """What happened to the difficulties of a task, the first first."""
    query = (
        select(
            DifficultyMove.event,
            DifficultyMove.recorded_at,
            DifficultyMove.note,
            Difficulty.id.label("difficulty_id"),
            Difficulty.kind,
            Person.name.label("person"),
        )
        .join(Difficulty, DifficultyMove.difficulty_id == Difficulty.id)
        .join(Person, DifficultyMove.person_id == Person.id)
        .where(Difficulty.task_id == task_id)
    )
    return db.session.execute(query.order_by(DifficultyMove.id)).all()
