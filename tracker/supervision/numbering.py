"""The number of an urge or a bulletin: whose it is, of which kind, year and number. Pure."""

from __future__ import annotations

from typing import Any

URGE, BULLETIN = "催办", "通报"


def mark(kind: str, *, code: str, office_name: str) -> str:
    """An office's own 代字, or its name in words: two offices never give the same number."""
    return f"{code or office_name}{kind}"


def numbered(paper: Any) -> str:
    """As it is printed; empty without a number. What was numbered before there were marks has none.

    `paper` is an urge, a bulletin, or a row that tells of one.
    """
    return f"{paper.mark}〔{paper.year}〕{paper.number}号" if paper.number else ""
