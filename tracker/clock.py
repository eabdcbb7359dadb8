"""The one clock. Every day and time of the tracker is that of Asia/Shanghai."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
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
