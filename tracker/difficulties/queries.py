"""Reads of difficulties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.difficulties.kinds import SHOWN_TO
from tracker.difficulties.models import Difficulty, DifficultyMove
from tracker.difficulties.states import ANSWERED, CHARGED, OPEN, RAISED
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Person, Unit
from tracker.tasks.models import Obligation, Task

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Whose eyes: a unit's people, the people of an office, or both."""

    unit_id: int | None
    office_id: int | None
    kinds: tuple[str, ...] = ()

    def where(self) -> ColumnElement[bool]:
        seen: list[ColumnElement[bool]] = [false()]
        if self.unit_id:
            seen += [
                Difficulty.unit_id == self.unit_id,
                Difficulty.charged_unit_id == self.unit_id,
            ]
        if self.kinds:
            seen.append(Difficulty.kind.in_(self.kinds))
        if self.office_id:
            seen.append(Notice.office_id == self.office_id)
        return or_(*seen)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """The filters of the list; what is empty narrows nothing."""

    state: str = ""
    kind: str = ""
    notice: int | None = None
    unit: int | None = None
    important: bool = False

    def where(self) -> list[ColumnElement[bool]]:
        columns = {
            "kind": Difficulty.kind,
            "notice": Difficulty.notice_id,
            "unit": Difficulty.unit_id,
        }
        found = [columns[name] == value for name, value in asdict(self).items()
                 if value and name in columns]  # fmt: skip
        if self.state == "open":
            found.append(Difficulty.state.in_(OPEN))
        elif self.state:
            found.append(Difficulty.state == self.state)
        if self.important:
            found.append(Difficulty.is_important)
        return found


def _shown() -> Select[*tuple[Any, ...]]:
    charged_unit, charged_person = aliased(Unit), aliased(Person)
    return (
        select(
            Difficulty.id,
            Difficulty.kind,
            Difficulty.words,
            Difficulty.is_important,
            Difficulty.state,
            Difficulty.raised_at,
            Difficulty.answer_by,
            Difficulty.answer,
            Difficulty.answered_at,
            Difficulty.task_id,
            Difficulty.obligation_id,
            Difficulty.unit_id,
            Difficulty.charged_unit_id,
            Difficulty.charged_person_id,
            Notice.short_title,
            Notice.office_id,
            Measure.title,
            Measure.no,
            Unit.name.label("unit"),
            charged_unit.name.label("charged_unit"),
            charged_person.name.label("charged_person"),
        )
        .join(Notice, Difficulty.notice_id == Notice.id)
        .join(Task, Difficulty.task_id == Task.id)
        .join(Measure, Task.measure_id == Measure.id)
        .join(Unit, Difficulty.unit_id == Unit.id)
        .outerjoin(charged_unit, Difficulty.charged_unit_id == charged_unit.id)
        .outerjoin(charged_person, Difficulty.charged_person_id == charged_person.id)
    )


def page(sight: Sight, sought: Sought, *, before: int, limit: int) -> Rows:
    """The newest first, from behind the number `before`."""
    query = _shown().where(sight.where(), *sought.where())
    if before:
        query = query.where(Difficulty.id < before)
    return db.session.execute(query.order_by(Difficulty.id.desc()).limit(limit)).all()


def units_raising(sight: Sight) -> list[tuple[int, str]]:
    """Who raised what is seen, in the order of the registry."""
    seen = select(Difficulty.unit_id).join(Notice, Difficulty.notice_id == Notice.id)
    query = select(Unit.id, Unit.name).where(Unit.id.in_(seen.where(sight.where())))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Unit.id))]


def one(difficulty_id: int) -> Row[*tuple[Any, ...]] | None:
    raiser, answerer = aliased(Person), aliased(Person)
    query = (
        _shown()
        .add_columns(
            Difficulty.version,
            Difficulty.revision,
            Obligation.period,
            Obligation.kind.label("obligation_kind"),
            raiser.name.label("raiser"),
            answerer.name.label("answerer"),
        )
        .join(raiser, Difficulty.raised_by == raiser.id)
        .outerjoin(answerer, Difficulty.answered_by == answerer.id)
        .outerjoin(Obligation, Difficulty.obligation_id == Obligation.id)
    )
    return db.session.execute(query.where(Difficulty.id == difficulty_id)).one_or_none()


def difficulty(difficulty_id: int) -> Difficulty | None:
    return db.session.get(Difficulty, difficulty_id)


def moves(difficulty_id: int) -> Rows:
    query = (
        select(
            DifficultyMove.event,
            DifficultyMove.recorded_at,
            DifficultyMove.note,
            Person.name.label("person"),
            Unit.name.label("unit"),
        )
        .join(Person, DifficultyMove.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(DifficultyMove.difficulty_id == difficulty_id)
    )
    return db.session.execute(query.order_by(DifficultyMove.id.desc())).all()


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


def shown_to(kind: str) -> int | None:
    """The unit that sees every difficulty of a kind."""
    if kind not in SHOWN_TO:
        return None
    return db.session.scalar(select(Unit.id).where(Unit.name == SHOWN_TO[kind]))


def kinds_shown_to(unit_id: int) -> tuple[str, ...]:
    name = db.session.scalar(select(Unit.name).where(Unit.id == unit_id))
    return tuple(kind for kind, seen_by in SHOWN_TO.items() if seen_by == name)


def number_raised(office_id: int) -> ColumnElement[int]:
    """What waits for an office's answer, as a value inside a query."""
    query = (
        select(func.count())
        .select_from(Difficulty)
        .join(Notice, Difficulty.notice_id == Notice.id)
        .where(Notice.office_id == office_id, Difficulty.state == RAISED)
    )
    return query.scalar_subquery()


def waiting_for_unit(unit_id: int, *, day: date) -> Row[*tuple[Any, ...]]:
    """Answers it has not settled, and what it is charged with, some of that late."""
    charged = and_(Difficulty.charged_unit_id == unit_id, Difficulty.state == CHARGED)
    answered = and_(Difficulty.unit_id == unit_id, Difficulty.state == ANSWERED)
    query = select(
        func.count().filter(answered).label("answered"),
        func.count().filter(charged).label("charged"),
        func.count().filter(charged, Difficulty.answer_by < day).label("late"),
    ).select_from(Difficulty)
    return db.session.execute(query.where(or_(charged, answered))).one()
