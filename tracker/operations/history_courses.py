"""How a task goes on from one report to the next, and how a unit is given to reporting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Protocol

from tracker.operations import history_texts as texts
from tracker.operations.history_days import chance_of
from tracker.reports import states
from tracker.reports.bodies import MOST_UNCHANGED, WHOLE, Body, Step
from tracker.reports.states import ADVANCING, LANDED, NOT_STARTED, PLANNING, REJECTED
from tracker.tasks.states import CONFIRMATION, LOCAL, PLAN, PROGRESS, STOCKTAKING

# After how many reports a task lands; 9 is not within the history.
LANDS_AFTER = {LOCAL: (0, 1, 1, 2, 2, 3, 9, 9), "": (1, 2, 3, 4, 6, 9, 9, 9)}
NOT_ADOPTED, SLOW_START, UNCHANGED, LANDED_BEFORE = 0.08, 0.15, 0.15, 0.4
START, END, ADVANCES_FROM = 15, 95, 25


class Done(Protocol):
    """An act, as far as a course looks at it."""

    @property
    def at(self) -> datetime: ...
    @property
    def what(self) -> str: ...
    @property
    def body(self) -> Body | None: ...


@dataclass(frozen=True, kw_only=True)
class Temper:
    """How often a unit is late, and how often it files nothing at all."""

    late: float
    never: float


GOOD, FAIR, BAD = (
    Temper(late=0.05, never=0.006),
    Temper(late=0.15, never=0.04),
    Temper(late=0.35, never=0.30),
)


@cache
def temper_of(unit: str) -> Temper:
    """A few units are clearly worse than the rest, and stay so."""
    drawn = chance_of("temper", unit).random()
    return BAD if drawn < 0.08 else FAIR if drawn < 0.28 else GOOD  # noqa: PLR2004


@dataclass(kw_only=True)
class Course:
    """One task's way, and what has been said of it so far."""

    lands_after: int
    is_rejected: bool
    is_slow: bool
    was_landed: bool
    reported: int = 0
    last: Body | None = None
    running: int = 0
    steps: tuple[Step, ...] = ()
    planned_at: datetime | None = None
    accepted_at: datetime | None = None

    def remember(self, kind: str, acts: Sequence[Done]) -> None:
        """What the next report has to know of this one."""
        accepted = next((act.at for act in acts if act.what == states.ACCEPT), None)
        body = next((act.body for act in reversed(acts) if act.body), None)
        if kind == PLAN:
            self.planned_at, self.steps = accepted, body.milestones if body else ()
        elif kind == STOCKTAKING and body and body.stage == LANDED:
            self.lands_after = 0
        elif kind == PROGRESS:
            self.reported += 1
            self.running = self.running + 1 if body and body.is_unchanged else 0
            self.last, self.accepted_at = body, accepted


def course_of(key: str, role: str, *, may_reject: bool) -> Course:
    chance = chance_of("course", key)
    return Course(
        lands_after=chance.choice(LANDS_AFTER.get(role, LANDS_AFTER[""])),
        is_rejected=may_reject and chance.random() < NOT_ADOPTED,
        is_slow=chance.random() < SLOW_START,
        was_landed=chance.random() < LANDED_BEFORE,
    )


def next_body(
    kind: str, title: str, opens_on: date, at: datetime, course: Course, chance: Random
) -> Body:
    """What the next report of a task says, if it is begun at this moment."""
    if kind == PLAN:
        return texts.plan(title, opens_on)
    stage, percent = _stage(kind, course)
    if kind == PROGRESS and _stands_still(stage, at, course, chance):
        return texts.unchanged(course.last) if course.last else Body()
    body = texts.report(title, stage, percent, at.date(), chance)
    return _ticked(body, at, course)


def _stage(kind: str, course: Course) -> tuple[str, int]:
    if kind == CONFIRMATION or course.lands_after <= course.reported:
        return LANDED, WHOLE
    if kind == STOCKTAKING:
        return (LANDED, WHOLE) if course.was_landed else (ADVANCING, START + ADVANCES_FROM)
    if course.is_rejected and course.reported:
        return REJECTED, 0
    if course.is_slow and not course.reported:
        return NOT_STARTED, 0
    percent = START + (END - START) * course.reported // (course.lands_after + 1)
    return (PLANNING if percent < ADVANCES_FROM else ADVANCING), percent


def _stands_still(stage: str, at: datetime, course: Course, chance: Random) -> bool:
    """无变化 rests on a report that is accepted already, and is not said three times running."""
    rests = (
        course.last is not None
        and course.last.stage == stage
        and course.accepted_at is not None
        and course.accepted_at < at
        and course.running < MOST_UNCHANGED
    )
    return rests and chance.random() < UNCHANGED


def _ticked(body: Body, at: datetime, course: Course) -> Body:
    """Milestones whose day has come are ticked off, once the plan is accepted."""
    if course.planned_at is None or course.planned_at >= at:
        return body
    today = at.date().isoformat()
    done = tuple(
        position for position, step in enumerate(course.steps, start=1) if step.by_day <= today
    )
    return texts.with_done(body, done)
