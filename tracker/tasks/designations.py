"""Reads of what notices leave open, and of what the office decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.db import ask, db
from tracker.notices.models import Measure, MeasureList, Mention, Notice
from tracker.registry.editing import CLASS as CLASS_KIND
from tracker.registry.models import City, Person, Unit
from tracker.registry.scopes import NONE, WAITING
from tracker.tasks.models import Designation
from tracker.tasks.states import CITIES, CLASS, DECIDED, OTHERS

Key = tuple[int, str, int | None]


@dataclass(frozen=True, kw_only=True)
class Open:
    """What a notice leaves open, as it is printed, and how it was decided last."""

    subject: str
    measure_id: int
    class_id: int | None
    no: str
    title: str
    slug: str
    short_title: str
    printed: str
    has_office: bool
    decision: Designation | None

    @property
    def key(self) -> str:
        return f"{self.subject}-{self.class_id}" if self.class_id else self.subject

    @property
    def is_decided(self) -> bool:
        return self.decision is not None and self.decision.state == DECIDED


def open_for(office_id: int) -> list[Open]:
    """The office's list, of its own notices alone: what no office supervises waits for one."""
    where = (Notice.office_id == office_id, Notice.is_reference.is_(False))
    own = select(Measure.id).join(Notice, Measure.notice_id == Notice.id).where(*where)
    decisions = _latest_of(Designation.measure_id.in_(own))
    rows = [
        *((CITIES, row) for row in db.session.execute(_scopes(*where))),
        *((CLASS, row) for row in db.session.execute(_classes(*where))),
        *((OTHERS, row) for row in db.session.execute(_open_ends(*where))),
    ]
    return [_open(subject, row, decisions) for subject, row in rows]


def open_of(measure_id: int) -> list[Open]:
    """The same for one measure."""
    this = Measure.id == measure_id
    decisions = _latest_of(Designation.measure_id == measure_id)
    found: Iterable[tuple[str, Select[Any]]] = (
        (CITIES, _scopes(this)),
        (CLASS, _classes(this)),
        (OTHERS, _open_ends(this)),
    )
    return [
        _open(subject, row, decisions)
        for subject, query in found
        for row in db.session.execute(query)
    ]


def number_undecided(office_id: int) -> int:
    return db.session.scalar(select(undecided(office_id))) or 0


def undecided(office_id: int) -> ColumnElement[int]:
    """How many of `open_for` are not decided, as a value inside a query."""
    each = [_number(rows) for rows in _undecided(office_id).values()]
    return sum(each[1:], each[0])


def undecided_rows(office_id: int) -> list[Row[Any]]:
    """The same as lines of a table, in one query."""
    rows = ask(_undecided_rows(office_id)).all()
    return sorted(rows, key=lambda row: (row.notice_id, row.list_position, row.position))


@lru_cache(maxsize=64)
def _undecided_rows(office_id: int) -> CompoundSelect[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    printed = {
        CITIES: func.coalesce(func.nullif(Measure.scope_raw, ""), MeasureList.scope_raw),
        CLASS: Mention.printed.expression,
        OTHERS: Measure.units_raw.expression,
    }
    return union_all(
        *[
            rows.order_by(None).with_only_columns(
                literal(subject).label("subject"),
                Measure.id,
                Measure.no,
                Measure.title,
                printed[subject].label("printed"),
                Notice.slug,
                Notice.short_title,
                MeasureList.adoption,
                Notice.id.label("notice_id"),
                MeasureList.position.label("list_position"),
                Measure.position,
                maintain_column_froms=True,
            )
            for subject, rows in _undecided(office_id).items()
        ]
    )


def _undecided(office_id: int) -> dict[str, Select[*tuple[Any, ...]]]:
    """What is open still, by its subject."""
    where = (Notice.office_id == office_id, Notice.is_reference.is_(False))
    none = literal(None, Integer)
    return {
        CITIES: _open_still(_scopes(*where), CITIES, none),
        CLASS: _open_still(_classes(*where), CLASS, Mention.unit_id.expression),
        OTHERS: _open_still(_open_ends(*where), OTHERS, none),
    }


def _number(rows: Select[*tuple[Any, ...]]) -> ColumnElement[int]:
    counted = rows.with_only_columns(func.count(), maintain_column_froms=True)
    return counted.order_by(None).scalar_subquery()


def _open_still(
    rows: Select[*tuple[Any, ...]], subject: str, class_id: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    latest = (
        select(Designation.state)
        .where(
            Designation.measure_id == Measure.id,
            Designation.subject == subject,
            Designation.class_id.is_not_distinct_from(class_id),
        )
        .order_by(Designation.id.desc())
        .limit(1)
        .correlate(Measure, Mention)
        .scalar_subquery()
    )
    return rows.where(func.coalesce(latest, "") != DECIDED)


def _measures() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Measure.id.label("measure_id"),
            Measure.no,
            Measure.title,
            Measure.units_raw,
            Measure.scope_raw,
            MeasureList.scope_raw.label("list_scope"),
            Notice.slug,
            Notice.short_title,
            Notice.office_id,
        )
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .order_by(Notice.id, MeasureList.position, Measure.position)
    )


def _scopes(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Scopes that wait, and those that waited until they were decided."""
    decided = exists().where(Designation.measure_id == Measure.id, Designation.subject == CITIES)
    return _measures().where(Measure.scope_state.in_((WAITING, NONE)) | decided, *where)


def _classes(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    query = _measures().add_columns(Mention.unit_id, Mention.printed)
    query = query.join(Mention, Mention.measure_id == Measure.id)
    return query.join(Unit, Mention.unit_id == Unit.id).where(Unit.kind == CLASS_KIND, *where)


def _open_ends(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """等相关部门, where no class stands for the rest."""
    has_class = exists().where(
        Mention.measure_id == Measure.id, Mention.unit_id == Unit.id, Unit.kind == CLASS_KIND
    )
    return _measures().where(Measure.is_open_ended, ~has_class, *where)


def _latest_of(where: ColumnElement[bool]) -> dict[Key, Designation]:
    query = select(Designation).where(where).order_by(Designation.id)
    return {(d.measure_id, d.subject, d.class_id): d for d in db.session.scalars(query)}


def _open(subject: str, row: Row[Any], decisions: dict[Key, Designation]) -> Open:
    class_id = row.unit_id if subject == CLASS else None
    printed = {
        CITIES: row.scope_raw or row.list_scope,
        CLASS: getattr(row, "printed", ""),
        OTHERS: row.units_raw,
    }[subject]
    return Open(
        subject=subject,
        measure_id=row.measure_id,
        class_id=class_id,
        no=row.no,
        title=row.title,
        slug=row.slug,
        short_title=row.short_title,
        printed=printed,
        has_office=row.office_id is not None,
        decision=decisions.get((row.measure_id, subject, class_id)),
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """A decision in words: what was chosen, on which ground, by whom."""

    decision: Designation
    names: Sequence[str]
    class_name: str
    person: str
    office: str


def told(measure_id: int) -> list[Told]:
    """Every decision about a measure, the latest first."""
    spelled_out = aliased(Unit)
    query = (
        select(
            Designation,
            spelled_out.name.label("class_name"),
            Person.name,
            Unit.name.label("office"),
        )
        .join(Person, Designation.decided_by == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(spelled_out, Designation.class_id == spelled_out.id)
        .where(Designation.measure_id == measure_id)
        .order_by(Designation.id.desc())
    )
    rows = db.session.execute(query).all()
    names = names_of([row.Designation for row in rows])
    return [
        Told(
            decision=row.Designation,
            names=[names[row.Designation.subject == CITIES, one] for one in row.Designation.chosen],
            class_name=row.class_name or "",
            person=row.name,
            office=row.office,
        )
        for row in rows
    ]


def names_of(decisions: Iterable[Designation]) -> dict[tuple[bool, int], str]:
    """Names of chosen cities (True) and units (False), by their ids."""
    cities, units = set[int](), set[int]()
    for decision in decisions:
        (cities if decision.subject == CITIES else units).update(decision.chosen)
    found: dict[tuple[bool, int], str] = {}
    for is_city, model, ids in ((True, City, cities), (False, Unit, units)):
        if ids:
            rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            found.update({(is_city, row.id): row.name for row in rows})
    return found
