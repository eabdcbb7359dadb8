"""The form of a new call: as it was typed, what is wrong with it, and the call that it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.notices.models import Notice
from tracker.registry import queries as registry
from tracker.registry.queries import workdays
from tracker.reports import calls
from tracker.tasks import queries as tasks
from tracker.tasks.calling import LONGEST_TITLE, LONGEST_WORDS, Calling, day_that_fits
from tracker.tasks.questions import Question, checked
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.web.days import typed
from tracker.web.office import choosing
from tracker.web.paging import numbers_ticked
from tracker.web.reviewing.own import own_notices

ROWS, MORE_ROWS = 5, 3
SUGGESTED_WORKDAYS = 10
SEPARATORS = re.compile("[、，,；;\n]+")
MOST_TICKED = 1_000

Wrong = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Given:
    notice: Notice | None
    calling: Calling | None
    wrong: Wrong


def given(notices: Sequence[Notice], *, office_id: int) -> Given:
    """Everything that is wrong is said at once; without it there is a call to be made."""
    notice = next((n for n in notices if n.slug == request.form.get("notice")), None)
    wrong: Wrong = {}
    if notice is None:
        return Given(notice=None, calling=None, wrong={"notice": "请选择所依据的通知。"})
    calling = Calling(
        notice_id=notice.id,
        office_id=office_id,
        title=request.form.get("title", ""),
        words=request.form.get("words", ""),
        questions=list(questions()),
        due_on=typed(request.form.get("due_on", "")),
        unit_ids=_units(wrong),
    )
    _check(calling, wrong)
    return Given(notice=notice, calling=None if wrong else calling, wrong=wrong)


def _check(calling: Calling, wrong: Wrong) -> None:
    checks: dict[str, Callable[[], object]] = {
        "title": lambda: said(calling.title, what="调度事项", longest=LONGEST_TITLE),
        "words": lambda: said(calling.words, what="说明", longest=LONGEST_WORDS, may_be_empty=True),
        "due_on": lambda: day_that_fits(calling.due_on, today()),
        "questions": lambda: checked(calling.questions),
    }
    for field, check in checks.items():
        try:
            check()
        except Forbidden as sentence:
            wrong[field] = str(sentence)
    if not calling.unit_ids:
        wrong.setdefault("units", "请至少选择一个单位。")


def questions() -> Iterator[Question]:
    """The rows of the form; those without a question are passed over later."""
    labels = request.form.getlist("label")
    kinds, choices = request.form.getlist("kind"), request.form.getlist("choices")
    required = set(request.form.getlist("required"))
    for number, label in enumerate(labels[: 2 * ROWS + MORE_ROWS * 10]):
        yield Question(
            label=label,
            kind=kinds[number] if number < len(kinds) else "",
            is_required=str(number) in required,
            choices=tuple(SEPARATORS.split(choices[number])) if number < len(choices) else (),
        )


def _units(wrong: Wrong) -> list[int]:
    ticked = numbers_ticked("unit", MOST_TICKED)
    named, unknown = choosing.units(request.form, "named")
    if unknown:
        wrong["units"] = unknown
    return list(dict.fromkeys([*ticked, *named]))


def page(notice: Notice | None, *, wrong: Mapping[str, str] | None = None) -> ResponseReturnValue:
    asked = list(questions())
    empty = [Question(label="")] * (MORE_ROWS if asked else ROWS)
    body = render_template(
        "office/call_form.html",
        notices=own_notices(),
        notice=notice,
        wrong=wrong or {},
        rows=[*(one for one in asked if one.label.strip()), *empty],
        leads=tasks.units_leading(notice.id) if notice else [],
        governments=registry.government_units(),
        ticked=set(request.form.getlist("unit")),
        named=[one for one in request.form.getlist("named") if one.strip()],
        units=registry.unit_choices(),
        due_on=request.form.get("due_on", _suggested()),
        times=_times(),
    )
    return body, 422 if wrong else 200


def _suggested() -> str:
    return workdays().after(today(), SUGGESTED_WORKDAYS).isoformat()


def _times() -> dict[int, int]:
    """How often each unit was called this year already."""
    rows = calls.burden(current_user.unit_id, year=today().year)
    return {row.id: row.times for row in rows}
