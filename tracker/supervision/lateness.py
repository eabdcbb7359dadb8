"""How late, in workdays; and the days between which a light changes. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.workdays import Workdays


class Lateness:
    """Workdays late as of a day, for any number of rows: each awaited day is counted once."""

    def __init__(self, day: date, workdays: Workdays) -> None:
        self.day, self._workdays = day, workdays
        self._known: dict[date, int] = {}

    def of(self, awaited_by: date) -> int:
        """The workdays after the awaited day, up to and with this one."""
        if awaited_by not in self._known:
            self._known[awaited_by] = self._workdays.between(awaited_by, self.day)
        return self._known[awaited_by]

    def at_least(self, workdays: int) -> date:
        """The latest awaited day that is late by so many workdays: a rung as a bound for SQL."""
        day = self.day
        while self.of(day) < workdays:
            day -= timedelta(days=1)
        return day

    def soon(self, workdays: int) -> date:
        """The last day whose light is yellow."""
        return self._workdays.after(self.day, workdays)
