"""Reads of urges: the office's desk, a unit's own, and what one of them covers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Person
from tracker.supervision import replies, states
from tracker.supervision.models import Bulletin, BulletinLine, Urge, Urged, UrgeMove, UrgeReply
from tracker.tasks.models import Call, Obligation, Task


def urge(urge_id: int) -> Urge | None:
    return db.session.get(Urge, urge_id, populate_existing=True)


def lacks_reply(urge_id: int, day: date) -> bool:
    return bool(db.session.scalar(select(replies.is_lacking(day)).where(Urge.id == urge_id)))


def urges_with_ids(urge_ids: Sequence[int], office_id: int) -> dict[int, Urge]:
    """Those of the named urges that are the office's."""
    query = select(Urge).where(Urge.id.in_(urge_ids), Urge.office_id == office_id)
    return {urge.id: urge for urge in db.session.scalars(query.order_by(Urge.id))}


def kept(urge_id: int) -> Sequence[int]:
    """What a proposal would be sent for."""
    query = select(Urged.obligation_id).where(
        Urged.urge_id == urge_id, Urged.is_held.is_(True), Urged.is_left_out.is_(False)
    )
    return db.session.scalars(query.order_by(Urged.obligation_id)).all()


def urges_of_office(
    office_id: int, state: str, *, day: date, after: int = 0, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One stage of the office's desk; the key is the id, the oldest first."""
    held, latest = _covered(), func.max(Urged.workdays_late)
    query = (
        select(
            Urge.id,
            Urge.unit_id,
            Urge.unit_name,
            Urge.state,
            Urge.mark,
            Urge.year,
            Urge.number,
            Urge.reason,
            Urge.reply_by,
            Urge.proposed_on,
            Urge.issued_on,
            Urge.version,
            func.count(Urged.obligation_id).label("covers"),
            func.min(Urged.was_awaited_by).label("awaited_by"),
            latest.label("workdays_late"),
            func.max(Urged.reminders).label("reminders"),
            replies.is_lacking(day).label("lacks_reply"),
        )
        .outerjoin(Urged, (Urged.urge_id == Urge.id) & held)
        .where(Urge.office_id == office_id, Urge.state == state, Urge.id > after)
        .group_by(Urge.id)
    )
    return db.session.execute(query.order_by(Urge.id).limit(limit)).all()


def _covered() -> Any:
    """What is in the paper: of a proposal, what is still held too."""
    return Urged.is_left_out.is_(False) & ((Urge.state != states.PROPOSED) | Urged.is_held)


def counts_by_state(office_id: int) -> dict[str, int]:
    query = (
        select(Urge.state, func.count().label("urges"))
        .where(Urge.office_id == office_id)
        .group_by(Urge.state)
    )
    return {row.state: row.urges for row in db.session.execute(query)}


def urges_of_unit(
    unit_id: int, stages: Collection[str], *, day: date, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a unit was sent, the newest first."""
    query = (
        select(
            Urge.id,
            Urge.office_name,
            Urge.state,
            Urge.mark,
            Urge.year,
            Urge.number,
            Urge.reply_by,
            Urge.issued_on,
            func.count(Urged.obligation_id).label("covers"),
            replies.is_lacking(day).label("lacks_reply"),
        )
        .join(Urged, (Urged.urge_id == Urge.id) & Urged.is_left_out.is_(False))
        .where(Urge.unit_id == unit_id, Urge.state.in_(stages))
        .group_by(Urge.id)
    )
    return db.session.execute(query.order_by(Urge.id.desc()).limit(limit)).all()


def covered(urge_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every obligation of an urge, with what became of it and what the unit said."""
    person = aliased(Person)
    query = (
        select(
            Obligation.id,
            Obligation.task_id,
            Obligation.kind,
            Obligation.period,
            Obligation.status,
            Obligation.unit_id,
            Obligation.awaited_by.label("awaited_now"),
            Urged.was_awaited_by,
            Urged.workdays_late,
            Urged.reminders,
            Urged.is_held,
            Urged.is_left_out,
            Notice.short_title,
            Measure.no,
            func.coalesce(Measure.title, Call.title).label("title"),
            UrgeReply.words,
            UrgeReply.expected_on,
            UrgeReply.replied_at,
            person.name.label("replied_by"),
        )
        .join(Obligation, Urged.obligation_id == Obligation.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .outerjoin(Task, Obligation.task_id == Task.id)
        .outerjoin(Measure, Task.measure_id == Measure.id)
        .outerjoin(Call, Obligation.call_id == Call.id)
        .outerjoin(
            UrgeReply,
            (UrgeReply.urge_id == Urged.urge_id) & (UrgeReply.obligation_id == Urged.obligation_id),
        )
        .outerjoin(person, UrgeReply.person_id == person.id)
        .where(Urged.urge_id == urge_id)
    )
    return db.session.execute(query.order_by(Urged.was_awaited_by, Obligation.id)).all()


def urge_moves(urge_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(UrgeMove.event, UrgeMove.recorded_at, UrgeMove.note, Person.name.label("person"))
        .outerjoin(Person, UrgeMove.person_id == Person.id)
        .where(UrgeMove.urge_id == urge_id)
    )
    return db.session.execute(query.order_by(UrgeMove.id)).all()


def urge_moves_of_task(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The events of every urge for what a task owes; each once for each obligation it covers."""
    query = (
        select(
            UrgeMove.id,
            UrgeMove.event,
            UrgeMove.recorded_at,
            UrgeMove.note,
            Urge.id.label("urge_id"),
            Urge.mark,
            Urge.year,
            Urge.number,
            Urge.office_id,
            Urge.unit_id,
            Urge.unit_name,
            Urge.reply_by,
            Urged.obligation_id,
            UrgeReply.words,
            UrgeReply.expected_on,
            Person.name.label("person"),
        )
        .join(Urge, UrgeMove.urge_id == Urge.id)
        .join(Urged, Urged.urge_id == Urge.id)
        .join(Obligation, Urged.obligation_id == Obligation.id)
        .outerjoin(
            UrgeReply,
            (UrgeReply.urge_id == Urged.urge_id) & (UrgeReply.obligation_id == Urged.obligation_id),
        )
        .outerjoin(Person, UrgeMove.person_id == Person.id)
        .where(Obligation.task_id == task_id, Urged.is_left_out.is_(False))
    )
    return db.session.execute(query.order_by(UrgeMove.id, Urged.obligation_id)).all()


def bulletins_of_task(task_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The issued bulletins that name a unit for what a task owes."""
    query = (
        select(
            Bulletin.id,
            Bulletin.issued_at,
            Bulletin.office_name,
            Bulletin.mark,
            Bulletin.year,
            Bulletin.number,
            BulletinLine.obligation_id,
            BulletinLine.unit_name,
            BulletinLine.workdays_late,
        )
        .join(BulletinLine, BulletinLine.bulletin_id == Bulletin.id)
        .join(Obligation, BulletinLine.obligation_id == Obligation.id)
        .where(
            Obligation.task_id == task_id,
            BulletinLine.is_named,
            Bulletin.state == states.PUBLISHED,
        )
    )
    return db.session.execute(query.order_by(Bulletin.id, BulletinLine.obligation_id)).all()


def bulletin(bulletin_id: int) -> Bulletin | None:
    return db.session.get(Bulletin, bulletin_id, populate_existing=True)


def bulletin_of_day(office_id: int, day: date) -> Bulletin | None:
    """An office has one for each day as of which it was drafted."""
    query = select(Bulletin).where(Bulletin.office_id == office_id, Bulletin.as_of == day)
    return db.session.scalar(query)


def bulletins_of_office(
    office_id: int, *, state: str = "", limit: int = 60
) -> Sequence[Row[*tuple[Any, ...]]]:
    named = (
        select(func.count(BulletinLine.unit_id.distinct()))
        .where(BulletinLine.bulletin_id == Bulletin.id, BulletinLine.is_named)
        .scalar_subquery()
    )
    late = (
        select(func.count())
        .select_from(BulletinLine)
        .where(BulletinLine.bulletin_id == Bulletin.id)
        .scalar_subquery()
    )
    query = select(*_BULLETIN, named.label("named"), late.label("late"))
    query = query.where(Bulletin.office_id == office_id)
    if state:
        query = query.where(Bulletin.state == state)
    return db.session.execute(query.order_by(Bulletin.as_of.desc()).limit(limit)).all()


def bulletins_naming(unit_id: int, *, limit: int = 60) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was issued and names a unit, with how much of it."""
    query = (
        select(*_BULLETIN, func.count().label("late"))
        .join(BulletinLine, BulletinLine.bulletin_id == Bulletin.id)
        .where(
            BulletinLine.unit_id == unit_id,
            BulletinLine.is_named,
            Bulletin.state == states.PUBLISHED,
        )
        .group_by(*_BULLETIN)
    )
    return db.session.execute(query.order_by(Bulletin.as_of.desc()).limit(limit)).all()


_BULLETIN = (
    Bulletin.id,
    Bulletin.title,
    Bulletin.as_of,
    Bulletin.state,
    Bulletin.office_name,
    Bulletin.mark,
    Bulletin.year,
    Bulletin.number,
    Bulletin.issued_on,
)


def bulletin_lines(bulletin_id: int) -> Sequence[BulletinLine]:
    query = select(BulletinLine).where(BulletinLine.bulletin_id == bulletin_id)
    # Units in the order of the registry.
    order = BulletinLine.unit_id, BulletinLine.awaited_by, BulletinLine.obligation_id
    return db.session.scalars(query.order_by(*order)).all()


def names(unit_id: int, bulletin_id: int) -> bool:
    query = select(BulletinLine.obligation_id).where(
        BulletinLine.bulletin_id == bulletin_id,
        BulletinLine.unit_id == unit_id,
        BulletinLine.is_named,
    )
    return db.session.scalar(query.limit(1)) is not None
