"""Alarms as letters: one sentence, and the page on which it is followed up."""

from __future__ import annotations

from datetime import date

from flask import current_app

from tracker.delivery.letters import Letter
from tracker.supervision.alarms import OFF

ALARM = "alarm"
PAGE = "/timetable/check-tally"
FOLLOWED = "在核对一致之前，工作总览、通报稿和情况报告稿中的统计数可能不准。"


def tally_letter(differences: int, day: date, *, site: str) -> Letter:
    sentence = OFF.format(differences)
    subject = f"系统告警：{sentence}"
    given: dict[str, object] = {
        "subject": subject,
        "lines": [f"{day.year}年{day.month}月{day.day}日核对：{sentence}", FOLLOWED],
        "address": site.rstrip("/") + PAGE,
    }
    return Letter(
        kind=ALARM,
        subject=subject,
        text=_rendered("mail/alarm.txt", given),
        html=_rendered("mail/alarm.html", given),
        link=PAGE,
        brief=sentence,
    )


def _rendered(template: str, given: dict[str, object]) -> str:
    return current_app.jinja_env.get_template(template).render(given)
