"""Where an obligation stood on a day, by its events up to then."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.supervision.standing import Standing, Step, standing
from tracker.tasks import states

DUE = date(2026, 4, 15)
EARLY, LATE = date(2026, 4, 10), date(2026, 4, 20)


def step(event: str, status: str, *, day: date = EARLY, awaited_by: date | None = None) -> Step:
    return Step(event=event, day=day, unit_id=1, status=status, awaited_by=awaited_by)


OPENED = step(states.OPENED, states.DUE, awaited_by=DUE)
FILED = step(states.FILE, states.FILED)
FILED_LATE = step(states.FILE, states.FILED, day=LATE)
WITHDRAWN = step(states.WITHDRAW, states.DUE, awaited_by=DUE)
RETURNED = step(states.RETURN, states.RETURNED, awaited_by=LATE)
BACK = step(states.WITHDRAW, states.RETURNED, awaited_by=LATE)
ACCEPTED = step(states.ACCEPT, states.ACCEPTED)
EXTENDED = step(states.EXTEND, states.DUE, awaited_by=LATE)


def after(*steps: Step) -> Standing:
    return standing([OPENED, *steps])


@pytest.mark.parametrize(
    ("steps", "filed_on", "is_late"),
    [
        ((), None, False),
        ((FILED,), EARLY, False),
        ((FILED_LATE,), LATE, True),
        ((EXTENDED, FILED_LATE), LATE, False),
        ((FILED, WITHDRAWN), None, False),
        ((FILED, WITHDRAWN, FILED_LATE), LATE, True),
        ((FILED, RETURNED, FILED_LATE), EARLY, False),
        ((FILED, RETURNED, FILED_LATE, BACK), EARLY, False),
    ],
)
def test_the_first_filing_that_stood_decides(
    steps: tuple[Step, ...], filed_on: date | None, is_late: bool
) -> None:
    stood = after(*steps)
    assert (stood.filed_on, stood.is_late) == (filed_on, is_late)


def test_a_paper_report_counts_from_the_day_it_was_received() -> None:
    paper = Step(
        event=states.FILE,
        day=LATE,
        unit_id=1,
        status=states.FILED,
        awaited_by=None,
        received_on=EARLY,
    )
    assert (after(paper).filed_on, after(paper).is_late) == (EARLY, False)


@pytest.mark.parametrize(
    ("steps", "first_pass"),
    [
        ((FILED,), None),
        ((FILED, ACCEPTED), True),
        ((FILED, RETURNED, FILED_LATE, ACCEPTED), False),
    ],
)
def test_the_first_decision_is_the_first_pass(
    steps: tuple[Step, ...], first_pass: bool | None
) -> None:
    assert after(*steps).is_first_pass is first_pass


def test_what_was_withdrawn_leaves_the_filing_before_it() -> None:
    assert after(FILED, RETURNED, FILED_LATE).filings == [1, 2]
    assert after(FILED, RETURNED, FILED_LATE, BACK).filings == [1]


def test_what_is_waived_is_not_owed() -> None:
    assert not after(step(states.WAIVE, states.WAIVED)).is_owed
    assert after(RETURNED).is_owed
