"""What an office was asked to coordinate, as it was known at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from tracker.db import db
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.difficulties.states import OPEN, SETTLED
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Unit
from tracker.tasks.models import Task


def standing(
    office_id: int, *, since: datetime, known: datetime | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was open then, and what had been settled from `since` on. `known` None: now.

    The state is the one of then; a history of kinds and words is not kept.
    """
    last = select(func.max(DifficultyMove.id)).where(DifficultyMove.difficulty_id == Difficulty.id)
    if known is not None:
        last = last.where(DifficultyMove.recorded_at < known)
    settled = and_(DifficultyMove.state == SETTLED, DifficultyMove.recorded_at >= since)
    query = (
        select(
            Difficulty.id,
            Difficulty.kind,
            Difficulty.words,
            Difficulty.is_important,
            DifficultyMove.state,
            Unit.name.label("unit"),
            Measure.title,
            Notice.short_title,
        )
        .join(
            DifficultyMove,
            DifficultyMove.id == last.correlate(Difficulty).scalar_subquery(),
        )
        .join(Notice, Difficulty.notice_id == Notice.id)
        .join(Task, Difficulty.task_id == Task.id)
        .join(Measure, Task.measure_id == Measure.id)
        .join(Unit, Difficulty.unit_id == Unit.id)
        .where(
            Notice.office_id == office_id,
            or_(DifficultyMove.state.in_(OPEN), settled),
        )
    )
    return db.session.execute(query.order_by(Difficulty.id)).all()
