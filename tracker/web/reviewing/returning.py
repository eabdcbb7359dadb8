"""退回: the reasons by section and the day, as they were typed and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import request

from tracker.clock import today
from tracker.reports.bodies import SECTIONS
from tracker.reports.reviewing import LONGEST_REASON
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.web.days import typed

LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Returning:
    """What the form says; `errors` stand beside their fields."""

    reasons: Mapping[str, str]
    correct_by: str
    day: date | None = None
    ticked: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)


def from_form() -> Returning:
    ticked = frozenset(request.form.getlist("section")) & SECTIONS.keys()
    reasons = {code: request.form.get(f"reason-{code}", "") for code in SECTIONS}
    given = {code: text for code, text in reasons.items() if code in ticked or text.strip()}
    day = typed(request.form.get("correct_by", ""))
    errors = {**_wrong_reasons(given), **_wrong_day(day)}
    return Returning(
        reasons=given,
        correct_by=request.form.get("correct_by", "")[:20],
        day=day,
        ticked=frozenset(given),
        errors=errors,
    )


def _wrong_reasons(given: Mapping[str, str]) -> Mapping[str, str]:
    if not given:
        return {"sections": "退回须写明理由，请至少勾选一个栏目并写明需要补正的内容。"}
    wrong = {}
    for code, text in given.items():
        try:
            said(text, what=f"“{SECTIONS[code]}”的退回理由", longest=LONGEST_REASON)
        except Forbidden as sentence:
            wrong[code] = str(sentence)
    return wrong


def _wrong_day(day: date | None) -> Mapping[str, str]:
    if day is None:
        return {"correct_by": "请填写补正期限，格式如 2026-01-31。"}
    if day <= today():
        return {"correct_by": "补正期限须晚于今天。"}
    if day > today() + LONGEST_WAIT:
        return {"correct_by": "补正期限不能超过一年。"}
    return {}
