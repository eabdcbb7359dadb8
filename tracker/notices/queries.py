"""Reads of notices and measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.notices.models import (
    Duty,
    Measure,
    MeasureList,
    Mention,
    Notice,
    Reach,
    Remark,
    Source,
)
from tracker.notices.tracked import Tracked, TrackedMeasure, TrackedNotice
from tracker.registry.models import City, Unit

# By what a person knows a measure, beside its title: the columns of every list with its list,
# number and notice. Whoever selects them joins Measure, MeasureList and Notice.
PLACE = (
    Notice.slug,
    Notice.short_title,
    MeasureList.position.label("list"),
    MeasureList.adoption,
    Measure.no,
)


def tracked() -> Tracked:
    """Everything that is tracked, as far as a new document is compared with it."""
    rows: dict[int, list[TrackedMeasure]] = defaultdict(list)
    scopes: dict[int, tuple[str, str]] = {}
    for row in db.session.execute(_tracked_measures()):
        rows[row.notice_id].append(_tracked_measure(row))
        if row.list_scope:
            scopes.setdefault(row.notice_id, (row.list_scope, row.scope_words))
    notices = db.session.scalars(
        select(Notice).options(joinedload(Notice.city)).order_by(Notice.id)
    )
    return Tracked(
        notices=[_tracked_notice(n, rows[n.id], scopes.get(n.id, ("", ""))) for n in notices]
    )


def _tracked_measures() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Measure.notice_id,
            MeasureList.position,
            Measure.no,
            Measure.title,
            Measure.units_raw,
            Measure.scope_raw,
            Measure.note,
            MeasureList.scope_raw.label("list_scope"),
            MeasureList.scope_words,
        )
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .order_by(MeasureList.notice_id, MeasureList.position, Measure.position)
    )


def _tracked_measure(row: Row[*tuple[Any, ...]]) -> TrackedMeasure:
    return TrackedMeasure(
        list=row.position,
        no=row.no,
        title=row.title,
        units_raw=row.units_raw,
        scope_raw=row.scope_raw,
        note=row.note,
    )


def _tracked_notice(
    notice: Notice, measures: Sequence[TrackedMeasure], scope: tuple[str, str]
) -> TrackedNotice:
    return TrackedNotice(
        id=notice.id,
        title=notice.title,
        short_title=notice.short_title,
        doc_no=notice.doc_no,
        level=notice.level,
        city=notice.city.name if notice.city else None,
        is_reference=notice.is_reference,
        forwards=notice.forwards_id,
        scope_raw=scope[0],
        scope_words=scope[1],
        measures=measures,
    )


def notices() -> Sequence[Notice]:
    """All notices, the newest first as far as their day is known."""
    query = select(Notice).options(joinedload(Notice.office), joinedload(Notice.city))
    return db.session.scalars(query.order_by(Notice.id)).all()


def notice(slug: str) -> Notice | None:
    options = [
        joinedload(Notice.office),
        joinedload(Notice.city),
        joinedload(Notice.forwards),
    ]
    return db.session.scalar(select(Notice).options(*options).where(Notice.slug == slug))


def measure_counts() -> dict[int, int]:
    query = select(Measure.notice_id, func.count().label("measures")).group_by(Measure.notice_id)
    return {row.notice_id: row.measures for row in db.session.execute(query)}


def duties(notice_id: int) -> Sequence[Duty]:
    query = select(Duty).where(Duty.notice_id == notice_id).order_by(Duty.position)
    return db.session.scalars(query).all()


def lists(notice_id: int) -> Sequence[MeasureList]:
    query = select(MeasureList).where(MeasureList.notice_id == notice_id)
    return db.session.scalars(query.order_by(MeasureList.position)).all()


def measures(notice_id: int) -> Sequence[Measure]:
    query = select(Measure).where(Measure.notice_id == notice_id)
    return db.session.scalars(query.order_by(Measure.list_id, Measure.position)).all()


def measure(measure_id: int) -> Measure | None:
    options = [
        joinedload(Measure.list),
        joinedload(Measure.notice).joinedload(Notice.office),
        joinedload(Measure.source),
        joinedload(Measure.forwards).joinedload(Measure.notice),
    ]
    return db.session.get(Measure, measure_id, options=options)


def heirs(measure_id: int) -> Sequence[Measure]:
    """The measures that forward this one."""
    query = select(Measure).options(joinedload(Measure.notice))
    return db.session.scalars(query.where(Measure.forwards_id == measure_id)).all()


def without_heir(notice_id: int) -> Sequence[Measure]:
    """Measures of a forwarded notice that no measure forwards."""
    heir = aliased(Measure)
    query = (
        select(Measure)
        .outerjoin(heir, heir.forwards_id == Measure.id)
        .where(Measure.notice_id == notice_id, heir.id.is_(None))
    )
    return db.session.scalars(query.order_by(Measure.position)).all()


def mentions(measure_id: int) -> Sequence[Row[Mention, str]]:
    query = (
        select(Mention, Unit.name)
        .join(Unit, Mention.unit_id == Unit.id)
        .where(Mention.measure_id == measure_id)
    )
    return db.session.execute(query.order_by(Mention.position)).all()


def reaches(measure_id: int) -> Sequence[Row[str, bool]]:
    query = (
        select(City.name, Reach.is_done_already)
        .join(City, Reach.city_id == City.id)
        .where(Reach.measure_id == measure_id)
    )
    return db.session.execute(query.order_by(City.position)).all()


def remarks(notice_id: int) -> Sequence[Remark]:
    query = select(Remark).where(Remark.notice_id == notice_id).order_by(Remark.id)
    return db.session.scalars(query).all()


def remarks_on(measure_id: int) -> Sequence[Remark]:
    query = select(Remark).where(Remark.measure_id == measure_id).order_by(Remark.id)
    return db.session.scalars(query).all()


def waiting_scopes() -> Sequence[Measure]:
    """Measures whose cities the office has to designate."""
    query = select(Measure).options(joinedload(Measure.notice))
    return db.session.scalars(
        query.where(Measure.scope_state == "waiting").order_by(Measure.id)
    ).all()


def source(source_id: int) -> Source | None:
    return db.session.get(Source, source_id)


def source_by_hash(sha256: str) -> Source | None:
    return db.session.scalar(select(Source).where(Source.sha256 == sha256))


def sources(state: str = "") -> Sequence[Source]:
    query = select(Source).where(Source.state == state) if state else select(Source)
    return db.session.scalars(query.order_by(Source.id.desc()).limit(100)).all()


def measure_rows(notice_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """A notice's measures as its page lists them, without their text."""
    return db.session.execute(
        select(
            Measure.id,
            Measure.list_id,
            Measure.no,
            Measure.title,
            Measure.gist,
            Measure.group,
            Measure.scope_raw,
            Measure.scope_state,
            Measure.is_deployed,
            Measure.is_open_ended,
        )
        .where(Measure.notice_id == notice_id)
        .order_by(Measure.list_id, Measure.position)
    ).all()


def named_units(measure_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """For each measure the units it names, as printed and in order."""
    query = (
        select(Mention.measure_id, Mention.unit_id, Mention.printed, Mention.role)
        .where(Mention.measure_id.in_(measure_ids))
        .order_by(Mention.measure_id, Mention.position)
    )
    named: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in db.session.execute(query):
        named[row.measure_id].append(row)
    return named


def city_counts(measure_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each measure the number of cities in scope, and of those that have done it already."""
    done = func.sum(case((Reach.is_done_already, 1), else_=0)).label("done")
    query = (
        select(Reach.measure_id, func.count().label("cities"), done)
        .where(Reach.measure_id.in_(measure_ids))
        .group_by(Reach.measure_id)
    )
    return {row.measure_id: (row.cities - row.done, row.done) for row in db.session.execute(query)}


def waiting_counts() -> dict[int, int]:
    """For each notice the number of measures whose cities are still to be designated."""
    query = (
        select(Measure.notice_id, func.count().label("waiting"))
        .where(Measure.scope_state == "waiting")
        .group_by(Measure.notice_id)
    )
    return {row.notice_id: row.waiting for row in db.session.execute(query)}


def measures_like(
    words: str,
    *,
    notice_id: int | None,
    after: int,
    limit: int,
    scope: str = "",
    office_id: int | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Measures whose title or gist holds the words, by id, from behind `after`."""
    query = _listed().where(Measure.id > after)
    for column, wanted in (
        (Measure.notice_id, notice_id),
        (Measure.scope_state, scope),
        (Notice.office_id, office_id),
    ):
        if wanted:
            query = query.where(column == wanted)
    if words:
        in_title = Measure.title.contains(words, autoescape=True)
        query = query.where(in_title | Measure.gist.contains(words, autoescape=True))
    return db.session.execute(query.order_by(Measure.id).limit(limit)).all()


def _listed() -> Select[*tuple[Any, ...]]:
    """A measure with the notice and list it stands in, as a line of a table."""
    return (
        select(
            Measure.id,
            *PLACE,
            Measure.title,
            Measure.gist,
            Measure.scope_raw,
            Measure.scope_state,
            MeasureList.scope_raw.label("list_scope"),
        )
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Measure.notice_id == Notice.id)
    )


def done_in(city_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Measures that a notice prints as done in the city already."""
    query = _listed().join(Reach, Reach.measure_id == Measure.id)
    return db.session.execute(
        query.where(Reach.city_id == city_id, Reach.is_done_already).order_by(Measure.id)
    ).all()


def left_out(city_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Measures that do not come to the city; reference notices come to none."""
    reaching = select(Reach.measure_id).where(Reach.city_id == city_id)
    query = _listed().where(
        Notice.is_reference.is_(False),
        Measure.id.not_in(reaching),
        (Notice.city_id.is_(None)) | (Notice.city_id == city_id),
    )
    return db.session.execute(query.order_by(Measure.id)).all()


def notices_of_source(source_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The notices whose measures carry the text of a file."""
    query = (
        select(Notice.slug, Notice.title, func.count().label("measures"))
        .join(Measure, Measure.notice_id == Notice.id)
        .where(Measure.source_id == source_id)
        .group_by(Notice.id, Notice.slug, Notice.title)
    )
    return db.session.execute(query.order_by(Notice.id)).all()


def sources_in(state: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Files in one state, the newest first."""
    query = select(Source.id, Source.name, Source.received_at, Source.received_by)
    return db.session.execute(
        query.where(Source.state == state).order_by(Source.id.desc()).limit(100)
    ).all()
