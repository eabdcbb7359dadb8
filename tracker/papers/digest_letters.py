"""A digest as a letter: HTML and text for mail, the list as .xlsx, counts for robots and inbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from tracker.delivery.letters import Attachment, Letter
from tracker.papers.digest_words import brief, on, period, subject
from tracker.papers.mail_templates import text_and_html
from tracker.papers.workbook import workbook
from tracker.supervision.snapshots import (
    BULLETIN,
    CHANGED,
    FRESH,
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

NEW = "今日新提醒"
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
        "lists": {which: new_first(page, which) for which in (OVERDUE, NEAR)},
        "fresh": fresh(page),
        "on": on,
        "shown": SHOWN.get(kind, 0),
        "address": site.rstrip("/") + link,
        "subject": subject(kind, recipient, day, page),
        "kind_word": KINDS[kind],
        "new_word": NEW,
        "duty_words": OBLIGATION_KINDS,
        "period": period(kind, page) if kind in (BULLETIN, SITUATION) else "",
    }
    text, html = text_and_html("digest", given)
    return Letter(
        kind=kind,
        subject=given["subject"],
        text=text,
        html=html,
        link=link,
        brief=brief(kind, page),
        attachment=attachment(kind, recipient, day, page),
    )


def latest(page: Page) -> list[Line]:
    """Everything overdue, the latest first."""
    found = [line for which in (NEWLY, STILL, OVERDUE) for line in page.of(which)]
    return sorted(found, key=lambda line: (line.day, line.obligation))


def fresh(page: Page) -> frozenset[int]:
    """What a unit is reminded of that it was not reminded of before."""
    return frozenset(line.obligation for line in page.of(FRESH))


def new_first(page: Page, which: str) -> list[Line]:
    """What is new stands first: a long list is cut in the letter, never in the attachment."""
    new = fresh(page)
    return sorted(page.of(which), key=lambda line: line.obligation not in new)


def attachment(kind: str, recipient: str, day: date, page: Page) -> Attachment | None:
    new = fresh(page)
    rows = [_row(which, line, new) for which in ATTACHED for line in page.of(which)]
    if not rows:
        return None
    name = f"{KINDS[kind]}-{recipient}-{day.isoformat()}.xlsx"
    return Attachment(name=name, data=workbook(KINDS[kind], COLUMNS, rows))


def _row(which: str, line: Line, new: Collection[int]) -> Sequence[Any]:
    is_new = which in (OVERDUE, NEAR) and line.obligation in new
    is_ours = which == REVIEW and line.late
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
        # What the office itself is late with is no unit's 逾期.
        "" if which == REVIEW else line.late,
        f"{line.remark}，已超期{line.late}个工作日" if is_ours else NEW if is_new else line.remark,
    )
