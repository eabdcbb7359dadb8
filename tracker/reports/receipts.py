"""Receipt numbers: one sequence a year, given in the transaction of the filing."""

from __future__ import annotations

from tracker.registry.counting import next_number
from tracker.reports.models import ReceiptCount


def next_receipt(year: int) -> str:
    """回执编号 such as 2026-000123."""
    return f"{year}-{next_number(ReceiptCount, year=year):06d}"
