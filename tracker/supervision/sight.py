"""What somebody looks at: which obligations, as of when, and the days that count from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.clock import start_of
from tracker.supervision.knowing import AsOf, morning_of
from tracker.tasks.picking import Picked
from tracker.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Sight:
    """`soon` is the last day whose light is yellow; a week begins on its Monday."""

    asked: AsOf
    picked: Picked
    workdays: Workdays
    reminder_workdays: int

    @property
    def day(self) -> date:
        return self.asked.day

    @property
    def soon(self) -> date:
        return self.workdays.after(self.day, self.reminder_workdays)

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    @property
    def monday_morning(self) -> datetime:
        return start_of(self.monday)

    @property
    def week_before(self) -> AsOf:
        """As the week began, before anybody did anything in it."""
        return morning_of(self.monday)
