"""A notice's calendar as typed: the day tracking starts, the switches, and each role's rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask import request

from tracker.tasks.models import Calendar, Tracking
from tracker.tasks.periods import CADENCES
from tracker.tasks.scheduling import FROM_NOTICE, ORIGINS
from tracker.tasks.states import LEAD, LOCAL, Forbidden
from tracker.tasks.wording import said
from tracker.web.days import typed

ASKED_ROLES = (LEAD, LOCAL)
LONGEST_WORDS = 80
MOST_WORKDAYS = 60
MOST_TO_PLAN = 250


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often one role reports, by which workday, and where that is from."""

    cadence: str
    due_workdays: str
    origin: str
    words: str

    @property
    def workdays(self) -> int:
        return int(self.due_workdays)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The whole form; `errors` stand beside their fields, and days count only without any."""

    starts_on: str
    plan: bool
    stocktaking: bool
    plan_workdays: str
    review_workdays: str
    rhythms: Mapping[str, Rhythm]
    version: str
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def starts(self) -> date:
        return date.fromisoformat(self.starts_on)

    @property
    def for_plan(self) -> int:
        return int(self.plan_workdays)

    @property
    def for_review(self) -> int:
        return int(self.review_workdays)


def kept(tracking: Tracking, calendars: Mapping[str, Calendar]) -> Typed:
    """What holds now, as the form shows it first."""
    return Typed(
        starts_on=tracking.starts_on.isoformat(),
        plan=tracking.asks_plan,
        stocktaking=tracking.asks_stocktaking,
        plan_workdays=str(tracking.plan_workdays),
        review_workdays=str(tracking.review_workdays),
        rhythms={
            role: Rhythm(
                cadence=calendar.cadence,
                due_workdays=str(calendar.due_workdays),
                origin=calendar.origin,
                words=calendar.words,
            )
            for role, calendar in calendars.items()
        },
        version=version_of(tracking, calendars),
    )


def version_of(tracking: Tracking, calendars: Mapping[str, Calendar]) -> str:
    """Changes with whatever is saved on the page, by whoever."""
    own = [calendars[role].version for role in ASKED_ROLES if role in calendars]
    return "-".join(map(str, [tracking.version, *own]))


def from_form(roles: Mapping[str, Calendar]) -> Typed:
    form = request.form
    given = Typed(
        starts_on=_short("starts_on"),
        plan="plan" in form,
        stocktaking="stocktaking" in form,
        plan_workdays=_short("plan_workdays"),
        review_workdays=_short("review_workdays"),
        rhythms={role: _rhythm(role) for role in roles},
        version=form.get("version", ""),
    )
    return replace(given, errors=_wrongs(given))


def _short(name: str) -> str:
    return request.form.get(name, "").strip()[:20]


def _wrongs(given: Typed) -> Mapping[str, str]:
    wrong: dict[str, str] = {}
    if typed(given.starts_on) is None:
        wrong["starts_on"] = "请填写开始跟踪的日期，格式如 2026-01-31。"
    for name in ("plan_workdays", "review_workdays"):
        if not _is_count(getattr(given, name), MOST_TO_PLAN):
            wrong[name] = f"请填写1到{MOST_TO_PLAN}之间的整数。"
    for role, rhythm in given.rhythms.items():
        wrong |= _wrong(role, rhythm)
    return wrong


def _is_count(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= most


def _rhythm(role: str) -> Rhythm:
    return Rhythm(
        cadence=_short(f"{role}-cadence"),
        due_workdays=_short(f"{role}-due_workdays"),
        origin=_short(f"{role}-origin"),
        words=request.form.get(f"{role}-words", ""),
    )


def _wrong(role: str, rhythm: Rhythm) -> Mapping[str, str]:
    wrong = {}
    if rhythm.cadence not in CADENCES:
        wrong[f"{role}-cadence"] = "请选择报送周期。"
    if not _is_count(rhythm.due_workdays, MOST_WORKDAYS):
        wrong[f"{role}-due_workdays"] = f"请填写1到{MOST_WORKDAYS}之间的整数。"
    if rhythm.origin not in ORIGINS:
        wrong[f"{role}-origin"] = "请选择依据。"
    may_be_empty = rhythm.origin != FROM_NOTICE
    try:
        said(rhythm.words, what="原文用语", longest=LONGEST_WORDS, may_be_empty=may_be_empty)
    except Forbidden as sentence:
        wrong[f"{role}-words"] = str(sentence)
    return wrong
