"""Reads of evaluations: their figures, and the rows that each figure was counted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import City, Unit
from tracker.supervision.models import Evaluation, EvaluationLine, EvaluationRow
from tracker.supervision.scoring import (
    NAMES,
    OUTCOMES,
    PARTS,
    Figures,
    middle,
    share,
)
from tracker.tasks.models import Call, Obligation, Task
from tracker.tasks.periods import HALF, MONTHS, QUARTER, YEAR, cadence_of, period_named, period_of

# Each figure as conditions on the lines: the list behind it and its number agree by this alone.
BEHIND: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "expected": (),
    **{outcome: (EvaluationLine.outcome == outcome,) for outcome in OUTCOMES},
    "reviewed": (EvaluationLine.is_reviewed.expression,),
    "first_pass": (EvaluationLine.is_first_pass.expression,),
    "backed": (EvaluationLine.is_backed.expression,),
    "tasks": (EvaluationLine.is_latest.expression,),
    "landed": (EvaluationLine.is_latest.expression, EvaluationLine.is_landed.expression),
}


@dataclass(frozen=True, kw_only=True)
class Which:
    """A figure of an evaluation: of one unit or all, in one role or both."""

    figure: str
    unit_id: int | None = None
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A unit's row as a page tells it."""

    unit_id: int
    unit: str
    role: str
    figures: Figures
    score: int | None

    @property
    def shares(self) -> dict[str, float | None]:
        return {name: share(*part) for name, part in self.figures.parts.items()}


def evaluation(evaluation_id: int) -> Evaluation | None:
    return db.session.get(Evaluation, evaluation_id, populate_existing=True)


def of_office(office_id: int, *, limit: int = 60) -> Sequence[Evaluation]:
    query = select(Evaluation).where(Evaluation.office_id == office_id)
    order = Evaluation.as_of.desc(), Evaluation.id.desc()
    return db.session.scalars(query.order_by(*order).limit(limit)).all()


def shown_to(unit_id: int, *, limit: int = 60) -> Sequence[Row[*tuple[Any, ...]]]:
    """The evaluations that a unit may see itself in."""
    query = (
        select(Evaluation.id, Evaluation.period, Evaluation.as_of, Unit.name.label("office"))
        .join(Unit, Evaluation.office_id == Unit.id)
        .join(EvaluationRow, EvaluationRow.evaluation_id == Evaluation.id)
        .where(EvaluationRow.unit_id == unit_id, Evaluation.shown_at.is_not(None))
        .distinct()
    )
    order = Evaluation.as_of.desc(), Evaluation.id.desc()
    return db.session.execute(query.order_by(*order).limit(limit)).all()


def rows(evaluation_id: int) -> list[Told]:
    """Every unit, the best score first; who has none comes last."""
    query = select(EvaluationRow).where(EvaluationRow.evaluation_id == evaluation_id)
    found = [_told(row) for row in db.session.scalars(query)]
    return sorted(found, key=lambda row: (row.role, -1 if row.score is None else -row.score))


def _told(row: EvaluationRow) -> Told:
    return Told(
        unit_id=row.unit_id,
        unit=row.unit_name,
        role=row.role,
        figures=Figures(**{name: getattr(row, name) for name in NAMES}),
        score=row.score,
    )


def medians(told: Sequence[Told], role: str) -> dict[str, float | None]:
    """Of those in the same role: the middle of each share, and of the scores."""
    own = [row for row in told if row.role == role]
    found = {part: middle([row.shares[part] for row in own]) for part in PARTS}
    scores = [None if row.score is None else row.score / 10 for row in own]
    return {**found, "score": middle(scores)}


def behind(
    evaluation_id: int, which: Which, *, after: int = 0, limit: int | None = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows that a figure was counted from, by the obligation's id."""
    query = (
        select(
            EvaluationLine.obligation_id.label("id"),
            EvaluationLine.outcome,
            EvaluationLine.is_reviewed,
            EvaluationLine.is_first_pass,
            EvaluationLine.is_backed,
            EvaluationLine.is_landed,
            EvaluationLine.role,
            Obligation.task_id,
            Obligation.kind,
            Obligation.period,
            Obligation.due_on,
            Notice.short_title,
            Measure.no,
            func.coalesce(Measure.title, Call.title).label("title"),
            Unit.name.label("unit"),
            City.name.label("city"),
        )
        .join(Obligation, EvaluationLine.obligation_id == Obligation.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Unit, EvaluationLine.unit_id == Unit.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
        .outerjoin(City, Obligation.city_id == City.id)
        .where(EvaluationLine.obligation_id > after)
    )
    query = _narrowed(query, evaluation_id, which)
    return db.session.execute(query.order_by(EvaluationLine.obligation_id).limit(limit)).all()


def number_behind(evaluation_id: int, which: Which) -> int:
    query = select(func.count()).select_from(EvaluationLine)
    query = _narrowed(query, evaluation_id, which)
    return db.session.scalar(query) or 0


def _narrowed(
    query: Select[*tuple[Any, ...]], evaluation_id: int, which: Which
) -> Select[*tuple[Any, ...]]:
    query = query.where(EvaluationLine.evaluation_id == evaluation_id, *BEHIND[which.figure])
    if which.unit_id:
        query = query.where(EvaluationLine.unit_id == which.unit_id)
    return query.where(EvaluationLine.role == which.role) if which.role else query


def every_row(*, as_of: date | None = None) -> Iterator[tuple[Evaluation, str, Told]]:
    """Frozen evaluations for an export, with the office's name: all, or those as of a day."""
    query = (
        select(Evaluation, Unit.name, EvaluationRow)
        .join(Unit, Evaluation.office_id == Unit.id)
        .join(EvaluationRow, EvaluationRow.evaluation_id == Evaluation.id)
        .order_by(Evaluation.id, EvaluationRow.role, EvaluationRow.unit_id)
    )
    if as_of:
        query = query.where(Evaluation.as_of == as_of)
    for found, office, row in db.session.execute(query):
        yield found, office, _told(row)


def name_in(evaluation_id: int, unit_id: int) -> str | None:
    """The unit's name as it was then; nothing where it is not in the evaluation."""
    query = select(EvaluationRow.unit_name).where(
        EvaluationRow.evaluation_id == evaluation_id, EvaluationRow.unit_id == unit_id
    )
    return db.session.scalar(query.limit(1))


def periods(office_id: int) -> list[str]:
    """What an office can evaluate: its reports' periods, and the halves and years around them."""
    query = (
        select(Obligation.period)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(Notice.office_id == office_id, Obligation.period != "")
        .distinct()
    )
    own = [period_named(key) for key in db.session.scalars(query)]
    around = {
        period_of(cadence, period.starts).key
        for period in own
        for cadence in (QUARTER, HALF, YEAR)
        if MONTHS[cadence] >= MONTHS[cadence_of(period.key)]
    }
    return sorted(around | {period.key for period in own}, reverse=True)
