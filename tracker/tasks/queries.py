"""Reads of tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.notices.queries import PLACE
from tracker.registry.models import City, Person, Unit
from tracker.tasks.models import Calendar, Obligation, Task, Tracking, Waiver
from tracker.tasks.states import DUE, LEAD, LOCAL, OPEN, RETURNED, UNASSIGNED
from tracker.tasks.succeeding import heirs_on, in_doubt

STREAMED = 2_000


def every_task() -> Iterator[Row[*tuple[Any, ...]]]:
    """All tasks for an export, streamed in the order of notice, list and number."""
    query = listed().order_by(Notice.id, MeasureList.position, Measure.position, Task.id)
    result = db.session.execute(query, execution_options={"yield_per": STREAMED})
    yield from result


def listed() -> Select[*tuple[Any, ...]]:
    """One row a task, with the words a person knows it by."""
    city = aliased(City)
    return (
        select(
            Task.id,
            Task.role,
            Task.position,
            Task.printed,
            Task.state,
            Task.is_deployed,
            Notice.doc_no,
            *PLACE,
            Measure.id.label("measure_id"),
            Measure.title,
            Unit.id.label("unit_id"),
            Unit.name.label("unit"),
            city.name.label("city"),
        )
        .join(Measure, Task.measure_id == Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Task.notice_id == Notice.id)
        .join(Unit, Task.unit_id == Unit.id)
        .outerjoin(city, Task.city_id == city.id)
    )


def counts_by_notice() -> dict[int, dict[str, int]]:
    """For each notice the number of tasks in each role."""
    query = select(Task.notice_id, Task.role, func.count()).group_by(Task.notice_id, Task.role)
    counts: dict[int, dict[str, int]] = {}
    for notice_id, role, count in db.session.execute(query):
        counts.setdefault(notice_id, {})[role] = count
    return counts


def of_measure(measure_id: int) -> list[Row[*tuple[Any, ...]]]:
    query = listed().where(Task.measure_id == measure_id)
    return list(db.session.execute(query.order_by(Task.role, Task.position, Task.id)))


def one(task_id: int) -> Row[*tuple[Any, ...]] | None:
    """A task as its page shows it."""
    query = listed().add_columns(
        Task.notice_id,
        Task.is_landed,
        Task.allocated_on,
        Notice.office_id,
        MeasureList.heading,
    )
    return db.session.execute(query.where(Task.id == task_id)).one_or_none()


def is_lead_of(unit_id: int, measure_id: int) -> bool:
    query = select(Task.id).where(
        Task.measure_id == measure_id, Task.unit_id == unit_id, Task.role == LEAD
    )
    return db.session.scalar(query.limit(1)) is not None


def units_leading(notice_id: int) -> Sequence[tuple[int, str]]:
    """The units that lead something in a notice and are there to be asked today."""
    query = (
        select(Unit.id, Unit.name)
        .join(Obligation, Obligation.unit_id == Unit.id)
        .where(Obligation.notice_id == notice_id, Obligation.role == LEAD)
        .distinct()
    )
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Unit.id))]


def locals_of(measure_id: int) -> Sequence[Task]:
    """The local tasks of a measure, each with its city."""
    query = (
        select(Task)
        .options(joinedload(Task.city))
        .join(City, Task.city_id == City.id)
        .where(Task.measure_id == measure_id, Task.role == LOCAL)
    )
    return db.session.scalars(query.order_by(City.position)).all()


def waivers_in(
    state: str, office_id: int, *, after: int = 0, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The office's waivers in a state, the oldest first."""
    asker, ruler = aliased(Person), aliased(Person)
    query = (
        listed()
        .add_columns(
            Waiver.id.label("waiver_id"),
            Waiver.reason,
            Waiver.note,
            Waiver.asked_at,
            Waiver.ruled_at,
            asker.name.label("asker"),
            ruler.name.label("ruler"),
        )
        .join(Waiver, Waiver.task_id == Task.id)
        .join(asker, Waiver.asked_by == asker.id)
        .outerjoin(ruler, Waiver.ruled_by == ruler.id)
        .where(Waiver.state == state, Notice.office_id == office_id, Waiver.id > after)
    )
    return db.session.execute(query.order_by(Waiver.id).limit(limit)).all()


def waivers_with_tasks(waiver_ids: Sequence[int], office_id: int) -> Sequence[Waiver]:
    """Those of the named waivers that are the office's to rule on."""
    query = (
        select(Waiver)
        .options(joinedload(Waiver.task))
        .join(Task, Waiver.task_id == Task.id)
        .join(Notice, Task.notice_id == Notice.id)
        .where(Waiver.id.in_(waiver_ids), Notice.office_id == office_id)
    )
    return db.session.scalars(query.order_by(Waiver.id)).all()


def waivers_of(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    asker, ruler = aliased(Person), aliased(Person)
    query = (
        select(
            Waiver.state,
            Waiver.reason,
            Waiver.note,
            Waiver.asked_at,
            Waiver.ruled_at,
            asker.name.label("asker"),
            ruler.name.label("ruler"),
        )
        .join(asker, Waiver.asked_by == asker.id)
        .outerjoin(ruler, Waiver.ruled_by == ruler.id)
        .where(Waiver.task_id == task_id)
    )
    return db.session.execute(query.order_by(Waiver.id)).all()


def to_choose_for(
    office_id: int, day: date, *, is_chosen: bool, after: int = 0, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Tasks of an office's notices whose successor a person has to choose, or has chosen."""
    heir = aliased(Unit)
    owed = select(func.count()).where(
        Obligation.task_id == Task.id, Obligation.status.in_((DUE, RETURNED, UNASSIGNED))
    )
    chosen = Task.heir_id.is_not(None) & ~in_doubt(heirs_on(day))
    query = (
        listed()
        .add_columns(heir.name.label("heir"), Task.chosen_on, owed.scalar_subquery().label("owed"))
        .outerjoin(heir, Task.heir_id == heir.id)
        .where(
            Task.state == OPEN,
            Notice.office_id == office_id,
            chosen if is_chosen else in_doubt(heirs_on(day)),
            Task.id > after,
        )
    )
    return db.session.execute(query.order_by(Task.id).limit(limit)).all()


def number_to_choose(office_id: int, day: date) -> int:
    query = (
        select(func.count(Task.id))
        .join(Notice, Task.notice_id == Notice.id)
        .where(Task.state == OPEN, Notice.office_id == office_id, in_doubt(heirs_on(day)))
    )
    return db.session.scalar(query) or 0


def open_tasks_of_office(task_ids: Collection[int], office_id: int) -> Sequence[Task]:
    query = (
        select(Task)
        .join(Notice, Task.notice_id == Notice.id)
        .where(Task.id.in_(task_ids), Notice.office_id == office_id)
        .with_for_update(of=Task)
    )
    return db.session.scalars(query.order_by(Task.id)).all()


def tracking(notice_id: int) -> Tracking | None:
    return db.session.get(Tracking, notice_id)


def calendars(notice_id: int) -> dict[str, Calendar]:
    """A notice's calendars by role."""
    query = select(Calendar).where(Calendar.notice_id == notice_id)
    return {calendar.role: calendar for calendar in db.session.scalars(query)}


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """Which tasks are looked at; what is empty narrows nothing."""

    notice_id: int | None = None
    unit_id: int | None = None
    city_id: int | None = None
    role: str = ""
    state: str = ""
    office_id: int | None = None
    words: str = ""

    def where(self) -> list[ColumnElement[bool]]:
        """Conditions on Task joined with Measure."""
        chosen = (
            (self.notice_id, Task.notice_id == self.notice_id),
            (self.unit_id, Task.unit_id == self.unit_id),
            (self.city_id, Task.city_id == self.city_id),
            (self.role, Task.role == self.role),
            (self.state, Task.state == self.state),
            (self.office_id, Task.notice_id.in_(supervised_by(self.office_id))),
            (self.words, Measure.title.contains(self.words, autoescape=True)),
        )
        return [condition for wanted, condition in chosen if wanted]


def supervised_by(office_id: int | None) -> Select[*tuple[int]]:
    """As a subquery: the notices of an office."""
    return select(Notice.id).where(Notice.office_id == office_id)


def page(narrowing: Narrowing, *, after: int, limit: int) -> list[Row[*tuple[Any, ...]]]:
    """One page of tasks by id, from behind `after`."""
    query = listed().where(Task.id > after, *narrowing.where())
    return list(db.session.execute(query.order_by(Task.id).limit(limit)))


def number_of(narrowing: Narrowing, *, at_most: int) -> int:
    """How many tasks match, counted no further than `at_most`."""
    found = select(Task.id).join(Measure, Task.measure_id == Measure.id).where(*narrowing.where())
    return db.session.scalar(select(func.count()).select_from(found.limit(at_most).subquery())) or 0


def units_with_tasks() -> list[tuple[int, str]]:
    """In the order of the registry."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(select(Task.unit_id)))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Unit.id))]


def counts_of_unit(unit_id: int) -> list[Row[*tuple[Any, ...]]]:
    """A unit's tasks, counted by notice and role."""
    query = (
        select(Notice.slug, Notice.short_title, Task.role, func.count().label("tasks"))
        .join(Notice, Task.notice_id == Notice.id)
        .where(Task.unit_id == unit_id)
        .group_by(Notice.id, Notice.slug, Notice.short_title, Task.role)
    )
    return list(db.session.execute(query.order_by(Notice.id, Task.role)))


def counts_by_unit(unit_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(Task.unit_id, func.count().label("tasks"))
        .where(Task.unit_id.in_(unit_ids))
        .group_by(Task.unit_id)
    )
    return {row.unit_id: row.tasks for row in db.session.execute(query)}


def counts_by_city() -> dict[int, int]:
    query = select(Task.city_id, func.count().label("tasks")).where(Task.city_id.is_not(None))
    return {row.city_id: row.tasks for row in db.session.execute(query.group_by(Task.city_id))}


def counts_by_state() -> dict[str, int]:
    query = select(Task.state, func.count().label("tasks")).group_by(Task.state)
    return {row.state: row.tasks for row in db.session.execute(query)}


def of_city(city_id: int, notice_id: int | None = None) -> list[Row[*tuple[Any, ...]]]:
    """The local tasks of one city with the scope they rest on, by notice, list and number."""
    query = listed().add_columns(
        Task.notice_id,
        Task.is_landed,
        Notice.office_id,
        Measure.gist,
        Measure.scope_raw,
        MeasureList.scope_raw.label("list_scope"),
        MeasureList.scope_words,
    )
    query = query.where(local_in(city_id, notice_id))
    order = (Notice.id, MeasureList.position, Measure.position, Task.id)
    return list(db.session.execute(query.order_by(*order)))


def measures_in(city_id: int, notice_id: int | None = None) -> Select[*tuple[int]]:
    """As a subquery: what `of_city` is about. Hundreds of numbers would be sent back otherwise."""
    return select(Task.measure_id).where(local_in(city_id, notice_id))


def local_in(city_id: int, notice_id: int | None) -> ColumnElement[bool]:
    """The local tasks of a city, of one notice or of all, as a condition on Task."""
    own = (Task.city_id == city_id) & (Task.role == LOCAL)
    return own & (Task.notice_id == notice_id) if notice_id else own


def leads_of(measures: Select[*tuple[int]]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """For each measure its leads, the first named first."""
    query = (
        select(Task.measure_id, Task.id, Task.unit_id, Task.printed)
        .where(Task.measure_id.in_(measures), Task.role == LEAD)
        .order_by(Task.measure_id, Task.position, Task.id)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.measure_id, []).append(row)
    return found


def counts_in_city(city_id: int) -> list[Row[*tuple[Any, ...]]]:
    """The notices that come to a city, with the number of its local tasks."""
    query = (
        select(Notice.id, Notice.slug, Notice.short_title, func.count().label("tasks"))
        .join(Task, Task.notice_id == Notice.id)
        .where(Task.city_id == city_id, Task.role == LOCAL)
        .group_by(Notice.id, Notice.slug, Notice.short_title)
    )
    return list(db.session.execute(query.order_by(Notice.id)))
