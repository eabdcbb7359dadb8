"""宣传解读: counted by unit, notice and period; every number is the length of its list."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import EIGHTH, FORWARDED, OFFICE, TAX, WORDS, Desk, owed, tasks_of, unit
from tracker.reports.bodies import Body
from tracker.supervision import publicity
from tracker.supervision.publicity import NOTICE, PERIOD, UNIT, WAYS, Sought, narrowed

DAY, LATER = date(2026, 4, 10), date(2026, 4, 13)
TOLD = Body(stage="advancing", percent="40", progress=WORDS, publicity="举办宣讲会。")
SILENT = Body(stage="advancing", percent="40", progress=WORDS)


@pytest.fixture
def told(desk: Desk) -> Sought:
    """Three reports tell of it, one of them filed twice; one does not; one stopped telling."""
    eighth, forwarded = tasks_of(TAX, EIGHTH), tasks_of(TAX, FORWARDED)
    for task in (*eighth[:3], forwarded[0]):
        desk.file(owed(task), DAY, TOLD)
    desk.file(owed(eighth[3]), DAY, SILENT)
    for task, body in ((eighth[0], TOLD), (eighth[2], SILENT)):
        desk.send_back(owed(task), DAY, date(2026, 4, 20))
        desk.file(owed(task), LATER, body)
    return Sought(office_id=unit(OFFICE).id)


def numbers(sought: Sought, way: str) -> dict[str, int]:
    return {row.name: row.number for row in publicity.counts(sought, way)}


def test_each_report_that_tells_of_it_counts_once_by_its_last_filing(told: Sought) -> None:
    assert publicity.number(told) == 3
    assert numbers(told, UNIT) == {TAX: 3}
    assert sorted(numbers(told, NOTICE).values()) == [1, 2]
    assert numbers(told, PERIOD) == {"2026-Q1": 3}


@pytest.mark.parametrize("way", WAYS)
def test_every_number_opens_the_list_it_counts(told: Sought, way: str) -> None:
    for row in publicity.counts(told, way):
        behind = narrowed(told, way, row.key)
        assert publicity.number(behind) == row.number
        assert len(publicity.page(behind, limit=9)) == row.number


def test_a_list_is_read_page_by_page(told: Sought) -> None:
    first = publicity.page(told, limit=2)
    rest = publicity.page(told, before=first[-1].id, limit=2)
    assert len({row.id for row in (*first, *rest)}) == 3


def test_another_office_counts_its_own(told: Sought) -> None:
    assert publicity.number(Sought(office_id=unit("省发展改革委").id)) == 0
