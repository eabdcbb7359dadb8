"""Urges and bulletins as letters: text and HTML for mail, counts for robots and inbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from tracker.delivery.letters import Attachment, Letter
from tracker.papers.bulletin_paper import LIST, annex_workbook
from tracker.papers.mail_templates import text_and_html
from tracker.supervision import states
from tracker.supervision.models import Bulletin, BulletinLine, Urge
from tracker.supervision.numbering import numbered

Rows = Sequence[Row[*tuple[Any, ...]]]


def to_unit(urge: Urge, covered: Rows, *, link: str, site: str) -> Letter:
    """Sent, or withdrawn."""
    rows = [row for row in covered if not row.is_left_out]
    number = numbered(urge)
    if urge.state == states.WITHDRAWN:
        brief = f"催办单{number}已撤销"
        return _letter(
            "urge", f"{urge.unit_name}：{brief}", brief, urge, rows, link=link, site=site
        )
    subject = f"{urge.unit_name}：催办单{number}，{len(rows)}项应报事项逾期，请签收并回复"
    brief = f"催办单{number}，{len(rows)}项逾期，请签收并回复"
    return _letter("urge", subject, brief, urge, rows, link=link, site=site)


def to_office(urge: Urge, covered: Rows, *, link: str, site: str) -> Letter:
    """Acknowledged, or answered."""
    rows = [row for row in covered if not row.is_left_out]
    is_reply = urge.state == states.ANSWERED
    subject = f"{urge.unit_name}已{'回复' if is_reply else '签收'}催办单{numbered(urge)}"
    brief = f"催办单{numbered(urge)}已{'回复' if is_reply else '签收'}"
    kind = "urge-reply" if is_reply else "urge-receipt"
    return _letter(kind, subject, brief, urge, rows, link=link, site=site)


def bulletin_letter(
    bulletin: Bulletin, lines: Sequence[BulletinLine], *, link: str, site: str
) -> Letter:
    """To the units that are named; what it calls its annex goes along."""
    number = numbered(bulletin)
    subject = f"{number}点名通报贵单位：{bulletin.title}"
    given = {"bulletin": bulletin, "subject": subject, "address": site.rstrip("/") + link}
    text, html = text_and_html("issued-bulletin", given)
    return Letter(
        kind="issued-bulletin",
        subject=subject[:200],
        text=text,
        html=html,
        link=link,
        brief=f"{number}点名本单位，请查看",
        attachment=Attachment(name=f"附件-{LIST}.xlsx", data=annex_workbook(bulletin, lines)),
    )


def _letter(
    kind: str, subject: str, brief: str, urge: Urge, rows: Rows, *, link: str, site: str
) -> Letter:
    given = {
        "urge": urge,
        "rows": rows,
        "subject": subject,
        "number": numbered(urge),
        "address": site.rstrip("/") + link,
    }
    text, html = text_and_html("urge", given)
    return Letter(
        kind=kind,
        subject=subject[:200],
        text=text,
        html=html,
        link=link,
        brief=brief,
    )
