"""Alarms as letters: one sentence, and the page on which it is followed up."""

from __future__ import annotations

from datetime import date

from tracker.days import spelled
from tracker.delivery.letters import Letter
from tracker.papers.matter_letters import written
from tracker.supervision.alarms import OFF

ALARM = "alarm"
PAGE = "/timetable/check-tally"
FOLLOWED = "在核对一致之前，工作总览、通报稿和情况报告稿中的统计数可能不准。"


def tally_letter(differences: int, day: date, *, site: str) -> Letter:
    sentence = OFF.format(differences)
    return written(
        ALARM,
        f"系统告警：{sentence}",
        sentence,
        (f"{spelled(day)}核对：{sentence}", FOLLOWED),
        page="核对记录",
        link=PAGE,
        site=site,
    )
