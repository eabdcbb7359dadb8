"""The form of a paper report: what was typed becomes a report's body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import request

from tracker.reports.bodies import Body
from tracker.reports.evidence import MOST_FILES
from tracker.web.days import typed
from tracker.web.filing.typed import body_of
from tracker.web.reviewing import scans
from tracker.web.reviewing.scans import Scan

NEEDS_DAY = "请填写收到日期，格式如 2026-01-31。"
NEEDS_SCAN = "请选择纸质报告的扫描件。"
TOO_MANY = f"一份报告最多附{MOST_FILES}个扫描件，本次都没有上传，请合并后重新选择。"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper report as typed; `errors` stand beside their fields."""

    body: Body
    received_on: str = ""
    day: date | None = None
    scans: Sequence[Scan] = ()
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def from_form() -> Paper:
    received_on = request.form.get("received_on", "")
    day, given = typed(received_on), scans.from_form()
    errors = {} if day else {"received_on": [NEEDS_DAY]}
    if not given or len(given) > MOST_FILES:
        errors["evidence"] = [TOO_MANY if given else NEEDS_SCAN]
    return Paper(
        body=body_of(request.form),
        received_on=received_on[:20],
        day=day,
        scans=given if len(given) <= MOST_FILES else (),
        errors=errors,
    )
