"""Receipt numbers: one sequence a year, given in the transaction of the filing."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.reports.models import ReceiptCount


def next_receipt(year: int) -> str:
    """回执编号 such as 2026-000123; the counter's row is locked until the filing is whole."""
    return next_receipts(year, 1)[0]


def next_receipts(year: int, number: int) -> list[str]:
    """So many numbers, one after the other, in one statement."""
    last = _count(year, number)
    if last is None:
        try:
            with db.session.begin_nested():
                db.session.execute(insert(ReceiptCount).values(year=year, last=0))
        except IntegrityError:
            pass  # another filing began the year at the same moment
        last = _count(year, number) or number
    return [f"{year}-{count:06d}" for count in range(last - number + 1, last + 1)]


def _count(year: int, number: int) -> int | None:
    counted = (
        update(ReceiptCount)
        .where(ReceiptCount.year == year)
        .values(last=ReceiptCount.last + number)
        .returning(ReceiptCount.last)
    )
    return db.session.scalar(counted)
