"""Reads of calls: what was asked, who has answered what, and how often each unit was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import joinedload

from tracker.clock import SHANGHAI
from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import City, Unit
from tracker.reports.bodies import Asked
from tracker.reports.models import Backing, Evidence, FiledBacking, Report, Revision
from tracker.tasks.models import Call, Obligation
from tracker.tasks.questions import Question
from tracker.tasks.states import ACCEPTED, OVER, RETURNED

Rows = Sequence[Row[*tuple[Any, ...]]]


def of_office(office_id: int, *, today: date, before: int = 0, limit: int = 50) -> Rows:
    """The office's calls, the newest first, with how many were asked, answered and are late."""
    filed = Obligation.first_filed_on.is_not(None)
    query = (
        select(
            Call.id,
            Call.title,
            Call.due_on,
            Call.state,
            Call.made_at,
            Notice.short_title,
            func.count(Obligation.id).label("asked"),
            func.sum(case((filed, 1), else_=0)).label("answered"),
            func.sum(case((Obligation.status == ACCEPTED, 1), else_=0)).label("accepted"),
            func.sum(case((Obligation.awaited_by < today, 1), else_=0)).label("late"),
        )
        .join(Notice, Call.notice_id == Notice.id)
        .join(Obligation, Obligation.call_id == Call.id)
        .where(Call.office_id == office_id)
        .group_by(Call.id, Notice.id)
        .order_by(Call.id.desc())
    )
    if before:
        query = query.where(Call.id < before)
    return db.session.execute(query.limit(limit)).all()


def one(call_id: int, office_id: int) -> Call | None:
    query = select(Call).options(joinedload(Call.notice), joinedload(Call.office))
    return db.session.scalar(query.where(Call.id == call_id, Call.office_id == office_id))


def answers(call_id: int) -> Rows:
    """Each unit that was asked, with the day that counts for it and what it filed last."""
    issued = func.coalesce(Obligation.extended_to, Obligation.due_on)
    put_right = func.coalesce(Obligation.correct_by, issued)
    query = (
        select(
            Obligation.id,
            Obligation.status,
            case((Obligation.status == RETURNED, put_right), else_=issued).label("by_day"),
            Obligation.awaited_by,
            Obligation.first_filed_on,
            Obligation.is_late,
            Obligation.unit_id,
            Unit.name.label("unit"),
            City.name.label("city"),
            Report.id.label("report_id"),
            Report.state.label("report_state"),
            Revision.body,
            Revision.filed_at,
            Revision.receipt,
        )
        .join(Unit, Obligation.unit_id == Unit.id)
        .outerjoin(City, Obligation.city_id == City.id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .outerjoin(
            Revision,
            (Revision.report_id == Report.id) & (Revision.number == Report.revision),
        )
        .where(Obligation.call_id == call_id)
    )
    order = City.position.is_(None).desc(), City.position, Obligation.id
    return db.session.execute(query.order_by(*order)).all()


def files(call_id: int) -> Mapping[int, Rows]:
    """What backs the answers filed last, by obligation; files belong to an answer as a whole."""
    query = (
        select(Report.obligation_id, Evidence.id, Evidence.name)
        .join(FiledBacking, FiledBacking.evidence_id == Evidence.id)
        .join(Revision, FiledBacking.revision_id == Revision.id)
        .join(
            Report,
            (Revision.report_id == Report.id) & (Revision.number == Report.revision),
        )
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.call_id == call_id)
    )
    found = defaultdict(list)
    for row in db.session.execute(query.order_by(Evidence.id)):
        found[row.obligation_id].append(row)
    return found


def units_owing(call_id: int) -> frozenset[int]:
    """Those from whom an answer is still awaited."""
    query = select(Obligation.unit_id).where(
        Obligation.call_id == call_id, Obligation.awaited_by.is_not(None)
    )
    return frozenset(db.session.scalars(query))


def burden(office_id: int, *, year: int) -> Rows:
    """How often each unit was called this year, those most often asked first."""
    first = datetime.combine(date(year, 1, 1), time(0), SHANGHAI)
    after = datetime.combine(date(year + 1, 1, 1), time(0), SHANGHAI)
    times = func.count(Obligation.id)
    query = (
        select(Unit.id, Unit.name, times.label("times"), func.max(Call.made_at).label("last_at"))
        .join(Obligation, Obligation.unit_id == Unit.id)
        .join(Call, Obligation.call_id == Call.id)
        .where(Call.office_id == office_id, Call.made_at >= first, Call.made_at < after)
        .where(Obligation.status != OVER)
        .group_by(Unit.id, Unit.name)
    )
    return db.session.execute(query.order_by(times.desc(), Unit.id)).all()


def asked_in(owed: Obligation, call: Call) -> Asked:
    """What the form has to know: the questions, and whether files came already."""
    backed = (
        select(Backing.evidence_id)
        .join(Report, Backing.report_id == Report.id)
        .where(Report.obligation_id == owed.id)
    )
    return Asked(
        kind=owed.kind,
        may_reject=False,
        is_first=True,
        questions=tuple(map(Question.of, call.questions)),
        has_files=db.session.scalar(backed.limit(1)) is not None,
    )
