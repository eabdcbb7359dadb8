"""A history while it is being made up: what was opened, what was decided, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.operations.bulk import Row, update_rows
from tracker.operations.history_cast import Hands, cast
from tracker.operations.history_courses import Course, course_of
from tracker.operations.history_days import Days
from tracker.operations.history_fates import Act, Owed, Scene, acts_for
from tracker.operations.history_rows import Grounds, Played, landing, play, waive
from tracker.operations.history_waivers import Asking, asking_of
from tracker.registry.models import Unit
from tracker.reports.models import Report
from tracker.reports.queries import MAY
from tracker.tasks.models import Obligation, Task, Tracking
from tracker.tasks.states import (
    CONFIRMATION,
    DUE,
    EXEMPT,
    OPEN,
    PLAN,
    PROGRESS,
    STOCKTAKING,
)
from tracker.workdays import Workdays

ORDER = {PLAN: 0, STOCKTAKING: 1, PROGRESS: 2, CONFIRMATION: 3}


@dataclass(kw_only=True)
class Life:
    """A task in the story."""

    course: Course
    asking: Asking | None
    played: list[Played] = field(default_factory=list)

    @property
    def is_exempt(self) -> bool:
        return self.asking is not None and self.asking.ruled_at is not None


@dataclass(kw_only=True)
class Story:
    """All tasks with what was owed so far; `last` is the newest obligation it has read."""

    scene: Scene
    grounds: Grounds
    lives: dict[int, Life] = field(default_factory=dict)
    acts: list[tuple[Owed, list[Act]]] = field(default_factory=list)
    last: int = 0

    @property
    def played(self) -> Iterator[Played]:
        for life in self.lives.values():
            yield from life.played

    @property
    def askings(self) -> list[Asking]:
        return [life.asking for life in self.lives.values() if life.asking]


def begin(day: date, *, since: date, fallback: Hands, workdays: Workdays) -> Story:
    """`day` is the first day that is not made up any more."""
    days = Days.between(since, day, workdays)
    people = cast(fallback)
    named = db.session.execute(select(Unit.id, Unit.name))
    reviewed = db.session.execute(select(Tracking.notice_id, Tracking.review_workdays))
    grounds = Grounds(
        cast=people,
        days=days,
        review_workdays={row.notice_id: row.review_workdays for row in reviewed},
        unit_names={row.id: row.name for row in named},
    )
    return Story(scene=Scene.before(day, days, people), grounds=grounds)


def tell(story: Story, *where: ColumnElement[bool]) -> None:
    """Decide what became of everything that was opened since the last look."""
    found = _opened(story, where)
    story.last = max((owed.id for owed in found), default=story.last)
    for owed in sorted(found, key=lambda one: (one.task_id, one.opens_on, ORDER[one.kind])):
        life = story.lives.get(owed.task_id) or _begun(owed, story)
        acts = [] if life.is_exempt else acts_for(owed, life.course, story.scene)
        played = play(owed, acts, story.grounds)
        if life.asking and life.asking.as_act:
            waive(played, life.asking.as_act)
        life.played.append(played)
        story.acts.append((owed, acts))


def _begun(owed: Owed, story: Story) -> Life:
    course = course_of(owed.key, owed.role, may_reject=owed.may_reject)
    life = Life(course=course, asking=asking_of(owed, story.scene))
    story.lives[owed.task_id] = life
    return life


def _opened(story: Story, where: Sequence[ColumnElement[bool]]) -> list[Owed]:
    """What nobody has touched yet. Where nobody can be asked there is no history."""
    holder = aliased(Unit)
    query = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.notice_id,
            Obligation.unit_id,
            Notice.office_id,
            Obligation.role,
            Obligation.kind,
            Obligation.period,
            Obligation.opens_on,
            Obligation.due_on,
            Unit.name.label("unit"),
            Measure.title,
            MeasureList.adoption,
            MeasureList.position,
            Notice.slug,
            Measure.no,
            holder.name.label("holder"),
        )
        .join(Task, Obligation.task_id == Task.id)
        .join(holder, Task.unit_id == holder.id)
        .join(Measure, Task.measure_id == Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Unit, Obligation.unit_id == Unit.id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.id > story.last, Obligation.status == DUE, Report.id.is_(None), *where)
    )
    return [_owed(row) for row in db.session.execute(query)]


def _owed(row: Any) -> Owed:
    """Named by words, not numbers: numbers differ from one database to the next."""
    words = row.slug, row.position, row.no, row.holder, row.role
    return Owed(
        id=row.id,
        task_id=row.task_id,
        notice_id=row.notice_id,
        unit_id=row.unit_id,
        office_id=row.office_id,
        role=row.role,
        kind=row.kind,
        period=row.period,
        opens_on=row.opens_on,
        due_on=row.due_on,
        key="|".join(map(str, words)),
        unit=row.unit,
        title=row.title.strip(),
        may_reject=row.adoption == MAY,
    )


def settle(story: Story, before: datetime | None = None) -> None:
    """Let the tasks stand as they did at a moment: what is opened next depends on it."""
    rows = (_task(task_id, life, before) for task_id, life in story.lives.items())
    update_rows(Task, [row for row in rows if row["version"] > 1])


def _task(task_id: int, life: Life, before: datetime | None) -> Row:
    ruled_at = life.asking.ruled_at if life.asking else None
    is_exempt = ruled_at is not None and (before is None or ruled_at < before)
    landed = landing(life.played, before)
    return {
        "id": task_id,
        "is_landed": landed.is_landed,
        "owes_since": landed.owes_since,
        "state": EXEMPT if is_exempt else OPEN,
        "version": 1 + landed.changes + is_exempt,
    }
