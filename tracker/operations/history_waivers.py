"""A few cities say 本地不涉及: the office has agreed, or has not looked yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.operations import history_texts as texts
from tracker.operations.bulk import Row
from tracker.operations.history_days import chance_of, moment
from tracker.operations.history_fates import Act, Owed, Scene
from tracker.tasks.states import ASKED, GRANTED, LOCAL, WAIVE

WAIVED, WAITING = 0.025, 0.032


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A request for a task, and the ruling if there is one."""

    task_id: int
    asked_at: datetime
    asked_by: int
    reason: str
    ruled_at: datetime | None
    ruled_by: int | None

    @property
    def as_act(self) -> Act | None:
        """The ruling as an act on everything the task still owes."""
        if self.ruled_at is None or self.ruled_by is None:
            return None
        return Act(at=self.ruled_at, what=WAIVE, by=self.ruled_by, note=self.reason)

    @property
    def as_row(self) -> Row:
        granted = self.ruled_at is not None
        return {
            "task_id": self.task_id,
            "state": GRANTED if granted else ASKED,
            "reason": self.reason,
            "asked_by": self.asked_by,
            "asked_at": self.asked_at,
            "ruled_by": self.ruled_by,
            "ruled_at": self.ruled_at,
            "note": "",
            "version": 2 if granted else 1,
        }


def asking_of(first: Owed, scene: Scene) -> Asking | None:
    """Whether a task's unit asked, judged by the first thing the task came to owe."""
    chance = chance_of("waiver", first.key)
    drawn = chance.random()
    if first.role != LOCAL or drawn >= WAITING:
        return None
    if drawn < WAIVED:
        asked_on = scene.days.plus(first.opens_on, chance.randint(3, 20))
        return _asking(first, scene, asked_on, scene.days.plus(asked_on, chance.randint(1, 8)))
    return _asking(first, scene, scene.days.plus(scene.eve, -chance.randint(0, 8)), None)


def _asking(first: Owed, scene: Scene, asked_on: date, ruled_on: date | None) -> Asking | None:
    chance = chance_of("waiving", first.key)
    hands = scene.cast.of(first.unit_id, first.office_id)
    asked_at = moment(asked_on, 10, chance)
    ruled_at = moment(ruled_on, 15, chance) if ruled_on else None
    if asked_at >= scene.limit or asked_on <= first.opens_on:
        return None
    is_ruled = ruled_at is not None and ruled_at < scene.limit
    return Asking(
        task_id=first.task_id,
        asked_at=asked_at,
        asked_by=hands.signer,
        reason=texts.marked(chance.choice(texts.NOT_AFFECTED)),
        ruled_at=ruled_at if is_ruled else None,
        ruled_by=hands.reviewer if is_ruled else None,
    )
