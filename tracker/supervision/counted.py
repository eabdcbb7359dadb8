"""What an office's counts are made of: its units and periods, for filters to choose from."""

from __future__ import annotations

from sqlalchemy import Select, select

from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.tasks.models import Tally
from tracker.tasks.periods import period_named


def units_in(office: int | None) -> dict[int, str]:
    """The units that are counted for an office, in the order of their names."""
    counted = select(Tally.unit_id).where(Tally.notice_id.in_(_supervised(office)))
    query = select(Unit.id, Unit.name).where(Unit.id.in_(counted)).order_by(Unit.name)
    return {row.id: row.name for row in db.session.execute(query)}


def periods_in(office: int | None) -> list[tuple[str, str]]:
    """The key and name of each, the latest first."""
    query = select(Tally.period).where(Tally.notice_id.in_(_supervised(office))).distinct()
    found = [period_named(key) for key in db.session.scalars(query)]
    found.sort(key=lambda period: (period.ends, period.starts), reverse=True)
    return [(period.key, period.label) for period in found]


def _supervised(office: int | None) -> Select[*tuple[int]]:
    return select(Notice.id).where(Notice.office_id == office)
