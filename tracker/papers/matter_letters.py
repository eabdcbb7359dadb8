"""Letters of a few lines: each a step in what units ask their offices for, or an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.delivery.letters import CONTROL, LONGEST_SUBJECT, Letter
from tracker.papers.mail_templates import text_and_html

MATTER = "matter"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What happened: `step` in a few words, `title` of the measure, `lines` with the rest.

    `unit` is whose step it is, where that is not who reads it; `waits_for` what its readers are
    asked to settle.
    """

    about: str
    step: str
    title: str
    lines: tuple[str, ...] = ()
    link: str
    unit: str = ""
    waits_for: str = ""


def letter(told: Told, *, site: str) -> Letter:
    subject = CONTROL.sub(" ", f"{told.unit}{told.step}：{told.title}")[:LONGEST_SUBJECT]
    found = written(
        MATTER, subject, told.step, told.lines, page="办理情况", link=told.link, site=site
    )
    return replace(found, waits_for=told.waits_for)


def written(
    kind: str, subject: str, brief: str, lines: Sequence[str], *, page: str, link: str, site: str
) -> Letter:
    """A few lines, and the page where more is to be read."""
    given: dict[str, object] = {
        "subject": subject,
        "lines": lines,
        "page": page,
        "address": site.rstrip("/") + link,
    }
    text, html = text_and_html("matter", given)
    return Letter(
        kind=kind,
        subject=subject,
        text=text,
        html=html,
        link=link,
        brief=brief,
    )
