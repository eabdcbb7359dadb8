"""Receipt numbers: one sequence a year, given in the transaction of the filing."""

from __future__ import annotations

from tracker.registry.counting import next_number
from tracker.reports.models import ReceiptCount


def next_receipt(year: int) -> str:
    """回执编号 such as 2026-000123."""
    return next_receipts(year, 1)[0]


def next_receipts(year: int, count: int) -> list[str]:
    """So many, one after the other, in one statement."""
    last = next_number(ReceiptCount, count=count, year=year)
    return [f"{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
