"""红黄绿灯: how near a day is, always with its word. Pure."""

from __future__ import annotations

from datetime import date

GREEN, YELLOW, RED, GREY = "green", "yellow", "red", "grey"
LIGHTS = {GREEN: "正常", YELLOW: "临近", RED: "逾期", GREY: "不计时"}


def light(awaited_by: date | None, *, day: date, soon: date) -> str:
    """As of a day; `soon` is the last one that counts as near, some workdays later."""
    if awaited_by is None:
        return GREY
    if awaited_by < day:
        return RED
    return YELLOW if awaited_by <= soon else GREEN
