"""宣传解读: the entries of filed reports, counted by unit, notice and period, and listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import City, Unit
from tracker.reports.models import Report, Revision
from tracker.tasks.models import Obligation, Task

UNIT, NOTICE, PERIOD = "unit", "notice", "period"
WAYS: Mapping[str, str] = {UNIT: "按单位", NOTICE: "按通知", PERIOD: "按报告期"}


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Of one office's notices; and of one unit, notice or period, where these are given."""

    office_id: int | None
    unit: int | None = None
    notice: int | None = None
    period: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.unit or self.notice or self.period)


def counts(sought: Sought, way: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """How many reports tell of it, the most first: with the key by which `page` finds them."""
    key, name = _keys()[way]
    query = _told(select(key.label("key"), name.label("name"), func.count().label("number")))
    found = query.where(*_where(sought)).group_by(key, name)
    return db.session.execute(found.order_by(func.count().desc(), key)).all()


def _keys() -> Mapping[str, tuple[Any, Any]]:
    return {
        UNIT: (Report.unit_id, Unit.name),
        NOTICE: (Notice.id, Notice.short_title),
        PERIOD: (Obligation.period, Obligation.period),
    }


def narrowed(sought: Sought, way: str, key: Any) -> Sought:
    return replace(sought, **{way: key})


def number(sought: Sought) -> int:
    return db.session.scalar(_told(select(func.count())).where(*_where(sought))) or 0


def page(sought: Sought, *, before: int = 0, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The entries behind a number, the latest first."""
    query = _told(
        select(
            Revision.id,
            Revision.report_id,
            Revision.filed_at,
            Revision.body["publicity"].as_string().label("words"),
            Obligation.period,
            Obligation.kind,
            Notice.short_title,
            Measure.title,
            Unit.name.label("unit"),
            City.name.label("city"),
        )
    ).where(*_where(sought))
    if before:
        query = query.where(Revision.id < before)
    return db.session.execute(query.order_by(Revision.id.desc()).limit(limit)).all()


def _told(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The latest filing of each report counts once, and only where it tells of something."""
    return (
        query.select_from(Revision)
        .join(Report, (Revision.report_id == Report.id) & (Revision.number == Report.revision))
        .join(Obligation, Report.obligation_id == Obligation.id)
        .join(Task, Obligation.task_id == Task.id)
        .join(Measure, Task.measure_id == Measure.id)
        .join(Notice, Obligation.notice_id == Notice.id)
        .join(Unit, Report.unit_id == Unit.id)
        .outerjoin(City, Obligation.city_id == City.id)
        .where(func.coalesce(Revision.body["publicity"].as_string(), "") != "")
    )


def _where(sought: Sought) -> list[ColumnElement[bool]]:
    chosen = (
        (sought.unit, Report.unit_id == sought.unit),
        (sought.notice, Notice.id == sought.notice),
        (sought.period, Obligation.period == sought.period),
    )
    narrow = [condition for wanted, condition in chosen if wanted]
    return [Notice.office_id == sought.office_id, *narrow]
