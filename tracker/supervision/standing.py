"""Where an obligation stood on a day, told by the events up to then. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tracker.tasks import states

FILINGS = frozenset({states.FILE, states.CORRECT})
# What is not owed while it stands so, and is not expected of anybody.
NOT_OWED = frozenset({states.WAIVED, states.OVER, states.UNASSIGNED, states.DISPUTED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One event with what held after it; `received_on` where a filing came on paper."""

    event: str
    day: date
    unit_id: int
    status: str
    awaited_by: date | None
    received_on: date | None = None


@dataclass(kw_only=True)
class Standing:
    """What is known after the last event. `filings` holds the numbers of what was not withdrawn."""

    unit_id: int = 0
    stands: str = ""
    awaits: date | None = None
    # The day that counts for lateness: as issued, or as put off to.
    issued: date | None = None
    filed_on: date | None = None
    is_late: bool = False
    was_returned: bool = False
    is_first_pass: bool | None = None
    filings: list[int] = field(default_factory=list)
    sent: int = 0

    @property
    def is_owed(self) -> bool:
        return self.stands not in NOT_OWED

    def take(self, step: Step) -> None:
        if step.event in FILINGS:
            self._file(step)
        elif step.event == states.WITHDRAW:
            self._withdraw(step)
        elif step.event in (states.ACCEPT, states.RETURN) and self.is_first_pass is None:
            self.is_first_pass = step.event == states.ACCEPT
        self.was_returned |= step.event == states.RETURN
        if step.status == states.DUE:
            self.issued = step.awaited_by
        self.unit_id, self.stands, self.awaits = step.unit_id, step.status, step.awaited_by

    def _file(self, step: Step) -> None:
        """The first filing decides whether it was late: against the day it was awaited by."""
        self.sent += 1
        self.filings.append(self.sent)
        if self.filed_on is None:
            self.filed_on = step.received_on or step.day
            self.is_late = self.awaits is not None and self.filed_on > self.awaits

    def _withdraw(self, step: Step) -> None:
        self.filings.pop()
        if step.status == states.DUE and not self.was_returned:
            self.filed_on, self.is_late = None, False


def standing(steps: Iterable[Step]) -> Standing:
    found = Standing()
    for step in steps:
        found.take(step)
    return found
