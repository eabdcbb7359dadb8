"""Moves difficulties by their table, each time with a row of history."""

from __future__ import annotations

from tracker.db import db
from tracker.difficulties import states
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.tasks import moving
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden


def move(difficulty: Difficulty, event: str, by: By, note: str = "") -> None:
    difficulty.state = states.after(difficulty.state, event)
    record(difficulty, event, by, note)


def record(difficulty: Difficulty, event: str, by: By, note: str = "") -> None:
    if by.person_id is None:
        raise Forbidden("需协调事项须由具体人员办理。")
    db.session.add(
        DifficultyMove(
            difficulty_id=difficulty.id,
            event=event,
            state=difficulty.state,
            recorded_at=by.at,
            person_id=by.person_id,
            note=note,
        )
    )
    moving.flush()
