"""The form of a paper report: what was typed becomes a report's body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from tracker.reports.bodies import PLAIN, Body, Issued, Step
from tracker.web.days import typed

ROWS = 6
NEEDS_DAY = "请填写收到日期，格式如 2026-01-31。"
NEEDS_SCAN = "请选择纸质报告的扫描件。"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper report as typed; `errors` stand beside their fields."""

    body: Body
    received_on: str = ""
    day: date | None = None
    files: Sequence[FileStorage] = ()
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def from_form() -> Paper:
    form = request.form
    day = typed(form.get("received_on", ""))
    files = [file for file in request.files.getlist("scan") if file.filename]
    errors = {} if day else {"received_on": [NEEDS_DAY]}
    if not files:
        errors["evidence"] = [NEEDS_SCAN]
    return Paper(
        body=_body(),
        received_on=form.get("received_on", "")[:20],
        day=day,
        files=files,
        errors=errors,
    )


def _body() -> Body:
    form = request.form
    plain: dict[str, Any] = {name: form.get(name, "") for name in PLAIN}
    documents = zip(*map(form.getlist, ("title", "number", "day")), strict=False)
    steps = zip(*map(form.getlist, ("what", "who", "by_day")), strict=False)
    return Body(
        **plain,
        documents=tuple(Issued(title=t, number=n, day=d) for t, n, d in documents),
        milestones=tuple(Step(what=w, who=o, by_day=d) for w, o, d in steps),
        done=tuple(int(one) for one in form.getlist("done") if one.isascii() and one.isdigit()),
        is_unchanged="is_unchanged" in form,
        is_important="is_important" in form,
    ).cleaned()
