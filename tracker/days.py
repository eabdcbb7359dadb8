"""Days in words. Pure."""

from __future__ import annotations

from datetime import date


def spelled(day: date) -> str:
    """A day as sentences and papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"
