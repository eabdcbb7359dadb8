"""Letters about what units ask their offices for: one step each, in a few lines."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from tracker.delivery.letters import CONTROL, LONGEST_SUBJECT, Letter

MATTER = "matter"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What happened: `step` in a few words, `title` of the measure, `lines` with the rest.

    `unit` is whose step it is, where that is not who reads it.
    """

    about: str
    step: str
    title: str
    lines: tuple[str, ...] = ()
    link: str
    unit: str = ""


def letter(told: Told, *, site: str) -> Letter:
    subject = CONTROL.sub(" ", f"{told.unit}{told.step}：{told.title}")[:LONGEST_SUBJECT]
    given = {"told": told, "subject": subject, "address": site.rstrip("/") + told.link}
    return Letter(
        kind=MATTER,
        subject=subject,
        text=_rendered("mail/matter.txt", given),
        html=_rendered("mail/matter.html", given),
        link=told.link,
        brief=told.step,
    )


def _rendered(template: str, given: dict[str, object]) -> str:
    return current_app.jinja_env.get_template(template).render(given)
