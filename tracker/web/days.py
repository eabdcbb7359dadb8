"""Days as pages need them: the light beside a day, and a day that was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.clock import today
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.tasks.lights import light

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)


def lights() -> Callable[[date | None], str]:
    """The light of a day, as of today; one look at the workdays for a whole page."""
    day = today()
    soon = workdays().after(day, in_force().reminder_workdays)
    return lambda awaited_by: light(awaited_by, day=day, soon=soon)


def typed(text: str) -> date | None:
    """A day as typed or picked; nothing where it is none."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
