"""Receipts: one sequence a year, unique and without gaps, however many file at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from tests.cast import CITY, FORWARDED, WORKDAYS, Act, Desk, at_once, by, owed, tasks_of
from tracker.db import db
from tracker.reports import filing, queries
from tracker.reports.models import Report, Revision
from tracker.reports.receipts import next_receipt
from tracker.tasks.models import Obligation

DAY = date(2026, 4, 1)
THREADS, EACH = 8, 3


def test_receipts_count_up_from_one(desk: Desk) -> None:
    assert [next_receipt(2026) for _ in range(3)] == ["2026-000001", "2026-000002", "2026-000003"]


def test_each_year_begins_anew(desk: Desk) -> None:
    next_receipt(2026)
    assert next_receipt(2027) == "2027-000001"
    assert next_receipt(2026) == "2026-000002"


def test_the_year_is_that_of_the_filing_in_shanghai(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, date(2026, 12, 31))
    assert desk.sign(report, first, date(2027, 1, 1)).receipt == "2027-000001"


def test_a_filing_that_fails_takes_no_number(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    undone = db.session.begin_nested()
    desk.sign(report, first, DAY)
    undone.rollback()
    assert next_receipt(2026) == "2026-000001"


def test_a_receipt_leads_to_its_filing(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    found = queries.receipt("2026-000001")
    assert found is not None
    assert (found.report_id, found.signer.id) == (report.id, desk.cast.signer)
    assert queries.receipt("2026-000002") is None


def signing(who: int, pairs: list[tuple[int, int]]) -> Act:
    """One signer signs several reports, in one transaction."""

    def act() -> Iterator[None]:
        found = [
            (db.session.get_one(Report, one), db.session.get_one(Obligation, other))
            for one, other in pairs
        ]
        yield
        for report, obligation in found:
            filing.sign(report, obligation, by(who, DAY), WORKDAYS)

    return act


def test_eight_who_file_at_once_get_unique_numbers_without_gaps(alone: Desk) -> None:
    tasks = tasks_of(CITY, FORWARDED)[: THREADS * EACH]
    pairs = []
    for task in tasks:
        found = owed(task, period="2026-H1")
        pairs.append((alone.submit(found, DAY).id, found.id))
    acts = [signing(alone.cast.signer, pairs[n::THREADS]) for n in range(THREADS)]
    assert at_once(alone.app, *acts) == [None] * THREADS
    receipts = sorted(db.session.scalars(select(Revision.receipt)))
    assert receipts == [f"2026-{n:06d}" for n in range(1, THREADS * EACH + 1)]


def test_the_first_two_filings_of_a_year_may_come_at_the_same_moment(alone: Desk) -> None:
    def drawing() -> Iterator[None]:
        db.session.scalar(select(Revision.id))
        yield
        next_receipt(2026)

    assert at_once(alone.app, drawing, drawing) == [None, None]
    assert next_receipt(2026) == "2026-000003"
