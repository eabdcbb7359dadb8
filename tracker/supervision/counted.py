"""What an office's counts are made of: notices, units and periods, for filters to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select

from tracker.db import ask
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.tasks.models import Tally
from tracker.tasks.periods import period_named


def notices_of(office: int | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The notices that an office supervises, the first that came in first."""
    return ask(_notices(office)).all()


def units_in(office: int | None) -> dict[int, str]:
    """The units that are counted for an office, in the order of the registry."""
    return {row.id: row.name for row in ask(_units(office))}


def periods_in(office: int | None) -> list[tuple[str, str]]:
    """The key and name of each, the latest first."""
    found = [period_named(key) for key in ask(_periods(office)).scalars()]
    found.sort(key=lambda period: (period.ends, period.starts), reverse=True)
    return [(period.key, period.label) for period in found]


# Putting a query together takes longer than asking it: kept for who looks again.
@lru_cache(maxsize=64)
def _notices(office: int | None) -> Select[*tuple[Any, ...]]:
    query = select(Notice.id, Notice.slug, Notice.short_title, Notice.doc_no)
    return query.where(Notice.office_id == office).order_by(Notice.id)


@lru_cache(maxsize=64)
def _units(office: int | None) -> Select[*tuple[int, str]]:
    # Whether a unit is counted once at all is looked up: so it need not be read how often.
    supervised = Tally.notice_id.in_(_supervised(office))
    counted = select(Tally.unit_id).where(Tally.unit_id == Unit.id, supervised)
    return select(Unit.id, Unit.name).where(counted.exists()).order_by(Unit.id)


@lru_cache(maxsize=64)
def _periods(office: int | None) -> Select[*tuple[str]]:
    return select(Tally.period).where(Tally.notice_id.in_(_supervised(office))).distinct()


def _supervised(office: int | None) -> Select[*tuple[int]]:
    return select(Notice.id).where(Notice.office_id == office)
