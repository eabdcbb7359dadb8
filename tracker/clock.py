"""The one clock. Every day and time of the tracker is that of Asia/Shanghai."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC; TRACKER_NOW sets it for trials and tests."""
    frozen = os.environ.get("TRACKER_NOW")
    if not frozen:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(frozen)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def today() -> date:
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The Shanghai day in which a moment falls; SQLite hands moments back without a zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The moment in UTC at which a Shanghai day begins."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 Shanghai time: what was recorded before it is what was known on the day."""
    return start_of(day + timedelta(days=1))
