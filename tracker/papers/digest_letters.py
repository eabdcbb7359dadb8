"""A digest as a letter: HTML and text for mail, the list as .xlsx, counts for robots and inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app

from tracker.delivery.letters import Attachment, Letter
from tracker.papers.digest_words import brief, on, period, subject
from tracker.papers.workbook import workbook
from tracker.supervision.snapshots import (
    BULLETIN,
    CHANGED,
    KINDS,
    LISTS,
    MET,
    NEAR,
    NEWLY,
    OFFICE,
    OVERDUE,
    REVIEW,
    SITUATION,
    STILL,
    UNIT,
    Line,
    Page,
)
from tracker.tasks.periods import label_of
from tracker.tasks.states import KINDS as OBLIGATION_KINDS, ROLES

SHOWN = {UNIT: 20, OFFICE: 10}
ATTACHED = (NEWLY, STILL, OVERDUE, NEAR, CHANGED, MET, REVIEW)
COLUMNS = (
    ("类别", 12),
    ("责任单位", 24),
    ("通知", 16),
    ("清单", 6),
    ("序号", 6),
    ("事项", 40),
    ("责任类型", 8),
    ("地市", 8),
    ("应报内容", 10),
    ("报告期", 14),
    ("日期", 12),
    ("逾期工作日", 10),
    ("说明", 30),
)


def letter(
    kind: str, recipient: str, day: date, page: Page, *, digest_id: int, site: str
) -> Letter:
    """`site` is where the tracker is opened, for the links in mail."""
    link = f"/digests/{digest_id}"
    given: dict[str, Any] = {
        "kind": kind,
        "recipient": recipient,
        "day": day,
        "page": page,
        "late": latest(page),
        "on": on,
        "shown": SHOWN.get(kind, 0),
        "address": site.rstrip("/") + link,
        "subject": subject(kind, recipient, day, page),
        "kind_word": KINDS[kind],
        "duty_words": OBLIGATION_KINDS,
        "period": period(kind, page) if kind in (BULLETIN, SITUATION) else "",
    }
    return Letter(
        kind=kind,
        subject=given["subject"],
        text=_rendered("mail/digest.txt", given),
        html=_rendered("mail/digest.html", given),
        link=link,
        brief=brief(kind, page),
        attachment=attachment(kind, recipient, day, page),
    )


def latest(page: Page) -> list[Line]:
    """Everything overdue, the latest first."""
    found = [line for which in (NEWLY, STILL, OVERDUE) for line in page.of(which)]
    return sorted(found, key=lambda line: (line.day, line.obligation))


def _rendered(template: str, given: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(template).render(given)


def attachment(kind: str, recipient: str, day: date, page: Page) -> Attachment | None:
    rows = [_row(which, line) for which in ATTACHED for line in page.of(which)]
    if not rows:
        return None
    name = f"{KINDS[kind]}-{recipient}-{day.isoformat()}.xlsx"
    return Attachment(name=name, data=workbook(KINDS[kind], COLUMNS, rows))


def _row(which: str, line: Line) -> Sequence[Any]:
    return (
        LISTS[which],
        line.unit,
        line.notice,
        line.list,
        line.no,
        line.title,
        ROLES.get(line.role, ""),
        line.city,
        OBLIGATION_KINDS.get(line.kind, line.kind),
        label_of(line.period) if line.period else "",
        line.day,
        line.late,
        line.remark,
    )
