"""通报稿 of a month and 情况报告稿 of a quarter: figures and names, as of a day, for the office.

What is told of the month or the quarter is what fell due in it; what is overdue is all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Unit
from tracker.registry.queries import offices
from tracker.registry.settings import InForce
from tracker.supervision import landing, snapshots
from tracker.supervision.knowing import AsOf
from tracker.supervision.lateness import Lateness
from tracker.supervision.outcomes import MET, Due, due, within
from tracker.supervision.overdue import overdue
from tracker.supervision.selecting import found
from tracker.supervision.snapshots import NEWLY, OVERDUE, STILL, Page, line_of
from tracker.supervision.summarising import by_unit
from tracker.supervision.timetable import MONTHLY, QUARTERLY, starts
from tracker.tasks.models import Obligation, Task
from tracker.tasks.picking import Picked

MEASURES, TASKS, LANDED, EXPECTED, ACCEPTED = "measures", "tasks", "landed", "expected", "accepted"
# What each counts, in words and in kind.
COUNTED: Mapping[str, str] = {
    MEASURES: "事项",
    TASKS: "任务",
    LANDED: "已落地",
    EXPECTED: "到期应报",
    **MET,
    OVERDUE: "累计逾期",
}
# What the ids of each are of, where not of obligations.
OF = {MEASURES: snapshots.MEASURES, TASKS: snapshots.TASKS, LANDED: snapshots.TASKS}

Pairs = Iterable[tuple[int, int]]  # a notice, and what of it was counted
ByNotice = Mapping[int, Sequence[int]]


def bulletins(asked: AsOf, settings: InForce, late: Lateness) -> Iterator[tuple[Unit, Page]]:
    """Of the month before: what fell due, what came in, and who is late beyond the rung."""
    last = starts(MONTHLY, asked.day) - timedelta(days=1)
    first = starts(MONTHLY, last)
    for office in offices():
        picked = Picked(office=office.id)
        of_month = within(due(asked, picked), first, last)
        rows = overdue(asked, picked, limit=None)
        if of_month or rows:
            yield office, _bulletin(of_month, rows, settings, late, first)


def _bulletin(
    of_month: Sequence[Due],
    rows: Sequence[Row[Any]],
    settings: InForce,
    late: Lateness,
    first: date,
) -> Page:
    lines = [line_of(row, late=late.of(row.awaited_by)) for row in rows]
    units = by_unit({NEWLY: [], STILL: lines})
    named = [row for row in units if row["late"] >= settings.bulletin_workdays]
    facts = {"month": first.isoformat(), "rung": settings.bulletin_workdays}
    counted = _met(of_month)
    figures = _numbers(counted) | {"overdue": len(lines), "named": len(named)}
    return Page(figures=figures, lists={OVERDUE: lines}, counted=counted, units=named, facts=facts)


def situations(asked: AsOf) -> Iterator[tuple[Unit, Page]]:
    """Of every office that has something under way."""
    for office in offices():
        page = situation(asked, office.id)
        if page.notices:
            yield office, page


def situation(asked: AsOf, office_id: int) -> Page:
    """Of the quarter before, notice by notice: how far things have come."""
    last = starts(QUARTERLY, asked.day) - timedelta(days=1)
    first = starts(QUARTERLY, last)
    picked, tasks = Picked(office=office_id), landing.stands(asked, office_id)
    counted = {
        MEASURES: _measures(office_id),
        TASKS: _by_notice((one.notice_id, one.id) for one in tasks),
        LANDED: _by_notice((one.notice_id, one.id) for one in tasks if one.is_landed),
        **_met(within(due(asked, picked), first, last)),
        OVERDUE: _overdue(asked, picked),
    }
    notices = [
        {"id": row.id, "short_title": row.short_title}
        | {name: len(own.get(row.id, ())) for name, own in counted.items()}
        for row in _notices(office_id)
        if any(row.id in own for own in counted.values())
    ]
    facts = {"first": first.isoformat(), "last": last.isoformat()}
    return Page(figures=_numbers(counted), lists={}, counted=counted, notices=notices, facts=facts)


def _notices(office_id: int) -> Sequence[Row[int, str]]:
    query = select(Notice.id, Notice.short_title).where(Notice.office_id == office_id)
    return db.session.execute(query.order_by(Notice.id)).all()


def _measures(office_id: int) -> ByNotice:
    """Of the notices that have tasks."""
    tracked = select(Task.notice_id).where(landing.in_force())
    query = (
        select(Measure.notice_id, Measure.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .where(Notice.office_id == office_id, Notice.id.in_(tracked))
    )
    return _by_notice((row.notice_id, row.id) for row in db.session.execute(query))


def _overdue(asked: AsOf, picked: Picked) -> ByNotice:
    rows = found(
        lambda then: then.awaited_by < asked.day,
        asked,
        picked,
        lambda _then: [Obligation.notice_id, Obligation.id],
    )
    return _by_notice((row.notice_id, row.id) for row in db.session.execute(rows))


def _met(due: Sequence[Due]) -> dict[str, ByNotice]:
    """What fell due, and of it what each of MET counts."""
    parts = {
        EXPECTED: due,
        **{name: [one for one in due if one.outcome == name] for name in MET},
        ACCEPTED: [one for one in due if one.is_accepted],
    }
    return {name: _by_notice((one.notice_id, one.id) for one in own) for name, own in parts.items()}


def _by_notice(pairs: Pairs) -> ByNotice:
    own: dict[int, list[int]] = {}
    for notice_id, number in sorted(pairs):
        own.setdefault(notice_id, []).append(number)
    return own


def _numbers(counted: Mapping[str, ByNotice]) -> dict[str, Any]:
    return {name: sum(map(len, own.values())) for name, own in counted.items()}
