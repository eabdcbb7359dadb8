"""Reads of 经验做法: a unit's own, the office's queue, and the library of what was compiled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import joinedload

from tracker.coordinating.experience import COMPILED, FILED, MORE, SELECTED, SIGNING, SUBMITTED
from tracker.coordinating.models import Case, CaseEvidence, CaseMove, Compilation
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Person, Unit
from tracker.reports.models import Evidence
from tracker.tasks.models import Task

Rows = Sequence[Row[*tuple[Any, ...]]]


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id,
            Case.title,
            Case.effect,
            Case.state,
            Case.note,
            Case.written_at,
            Case.filed_at,
            Case.compilation_id,
            Notice.short_title,
            Measure.title.label("measure"),
            Unit.name.label("unit"),
        )
        .join(Notice, Case.notice_id == Notice.id)
        .join(Unit, Case.unit_id == Unit.id)
        .outerjoin(Measure, Case.measure_id == Measure.id)
    )


def of_unit(unit_id: int, *, limit: int = 100) -> Rows:
    query = _listed().where(Case.unit_id == unit_id).order_by(Case.id.desc())
    return db.session.execute(query.limit(limit)).all()


def of_office(office_id: int, *, state: str = "", after: int = 0, limit: int = 50) -> Rows:
    """What has left its unit, the oldest first."""
    query = _listed().where(Notice.office_id == office_id, Case.state.in_(FILED), Case.id > after)
    query = query.where(Case.filed_at.is_not(None))
    if state:
        query = query.where(Case.state == state)
    return db.session.execute(query.order_by(Case.id).limit(limit)).all()


def at_hand(unit_id: int) -> dict[str, int]:
    """How many of a unit's cases wait for its signer, and how many for more to be written."""
    query = select(Case.state, func.count()).where(
        Case.unit_id == unit_id, Case.state.in_((SIGNING, MORE))
    )
    rows = db.session.execute(query.group_by(Case.state)).all()
    return {row[0]: row[1] for row in rows}


def submitted(office_id: int) -> ColumnElement[int]:
    """How many wait for the office's choice, as a value inside one query."""
    query = select(func.count()).select_from(Case).join(Notice, Case.notice_id == Notice.id)
    waits = Notice.office_id == office_id, Case.state == SUBMITTED
    return query.where(*waits).scalar_subquery()


def library(*, words: str = "", after: int = 0, limit: int = 50) -> Rows:
    """What was compiled, for everybody; the words may stand in title, text or effect."""
    query = _listed().where(Case.state == COMPILED, Case.id > after)
    if words:
        texts = (Case.title, Case.done, Case.effect, Unit.name)
        found = texts[0].contains(words, autoescape=True)
        for text in texts[1:]:
            found |= text.contains(words, autoescape=True)
        query = query.where(found)
    return db.session.execute(query.order_by(Case.id).limit(limit)).all()


def case(case_id: int) -> Case | None:
    options = [
        joinedload(Case.notice).joinedload(Notice.office),
        joinedload(Case.measure),
        joinedload(Case.unit),
        joinedload(Case.compilation),
    ]
    return db.session.get(Case, case_id, options=options, populate_existing=True)


def selected(ids: Collection[int], office_id: int) -> Sequence[Case]:
    query = select(Case).join(Notice, Case.notice_id == Notice.id)
    query = query.where(Case.id.in_(ids), Notice.office_id == office_id, Case.state == SELECTED)
    return db.session.scalars(query.order_by(Case.id)).all()


def moves(case_id: int) -> Rows:
    query = (
        select(CaseMove.event, CaseMove.recorded_at, CaseMove.note, Person.name.label("person"))
        .join(Person, CaseMove.person_id == Person.id)
        .where(CaseMove.case_id == case_id)
    )
    return db.session.execute(query.order_by(CaseMove.id.desc())).all()


def evidence(case_id: int) -> Sequence[Evidence]:
    query = select(Evidence).join(CaseEvidence, CaseEvidence.evidence_id == Evidence.id)
    return db.session.scalars(
        query.where(CaseEvidence.case_id == case_id).order_by(Evidence.id)
    ).all()


def backed_by(evidence_id: int) -> Rows:
    """The cases that a file backs, as much as permissions care about."""
    query = (
        select(Case.unit_id, Case.state, Notice.office_id)
        .join(CaseEvidence, CaseEvidence.case_id == Case.id)
        .join(Notice, Case.notice_id == Notice.id)
        .where(CaseEvidence.evidence_id == evidence_id)
    )
    return db.session.execute(query).all()


def compilations() -> Rows:
    query = (
        select(
            Compilation.id,
            Compilation.title,
            Compilation.made_at,
            Unit.name.label("office"),
            func.count(Case.id).label("cases"),
        )
        .join(Unit, Compilation.office_id == Unit.id)
        .join(Case, Case.compilation_id == Compilation.id)
        .group_by(Compilation.id, Unit.name)
    )
    return db.session.execute(query.order_by(Compilation.id.desc())).all()


def compilation(compilation_id: int) -> Compilation | None:
    return db.session.get(Compilation, compilation_id, options=[joinedload(Compilation.office)])


def compiled_in(compilation_id: int) -> Sequence[Case]:
    query = select(Case).options(joinedload(Case.unit), joinedload(Case.measure))
    return db.session.scalars(
        query.where(Case.compilation_id == compilation_id).order_by(Case.id)
    ).all()


def notices_of(unit_id: int) -> Sequence[tuple[int, str]]:
    """The notices with an office under which the unit has a task, to choose from."""
    query = (
        select(Notice.id, Notice.short_title)
        .join(Task, Task.notice_id == Notice.id)
        .where(Task.unit_id == unit_id, Notice.office_id.is_not(None))
        .distinct()
    )
    return [(row.id, row.short_title) for row in db.session.execute(query.order_by(Notice.id))]


def measures_of(unit_id: int) -> Rows:
    """The measures that the unit has a task of: what a case may be about."""
    query = (
        select(Measure.id, Measure.title, Notice.short_title, Notice.id.label("notice_id"))
        .join(Task, Task.measure_id == Measure.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .where(Task.unit_id == unit_id, Notice.office_id.is_not(None))
        .distinct()
    )
    return db.session.execute(query.order_by(Notice.id, Measure.id)).all()
