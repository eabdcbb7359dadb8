"""Moves difficulties by their table, each time with a row of history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from tracker.db import db
from tracker.difficulties import states
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.tasks import moving
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happens to a difficulty, and what is said about it."""

    difficulty: Difficulty
    event: str
    note: str = ""


def step(difficulty: Difficulty, event: str, note: str = "") -> Step:
    """By the table; written down with `record_all`."""
    difficulty.state = states.after(difficulty.state, event)
    return Step(difficulty=difficulty, event=event, note=note)


def move(difficulty: Difficulty, event: str, by: By, note: str = "") -> None:
    record_all([step(difficulty, event, note)], by)


def record_all(steps: Sequence[Step], by: By) -> None:
    """Many in as many statements as one: those that are new, those that changed, the history."""
    if not steps:
        return
    if by.person_id is None:
        raise Forbidden("需协调事项须由具体人员办理。")
    moving.flush_all(one.difficulty for one in steps if one.event != states.RAISE)
    db.session.add_all(one.difficulty for one in steps if one.event == states.RAISE)
    moving.flush()
    rows = [
        {
            "difficulty_id": one.difficulty.id,
            "event": one.event,
            "state": one.difficulty.state,
            "recorded_at": by.at,
            "person_id": by.person_id,
            "note": one.note,
        }
        for one in steps
    ]
    db.session.execute(insert(DifficultyMove), rows)
