"""From the submitted form to a report's text, just as it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.reports.bodies import MOST_ROWS, PLAIN, Answer, Body, Issued, Step
from tracker.web.paging import number_in, numbers_in

Form = MultiDict[str, str]
TAKEN_ROWS = MOST_ROWS + 5  # more than may be sent, so that too many are seen and said


def body_of(form: Form) -> Body:
    texts: dict[str, Any] = {name: form.get(name, "") for name in PLAIN}
    return Body(
        **texts,
        documents=tuple(
            Issued(title=title, number=number, day=day)
            for title, number, day in _rows(form, "document", ("title", "number", "day"))
        ),
        milestones=tuple(
            Step(what=what, who=who, by_day=day)
            for what, who, day in _rows(form, "milestone", ("what", "who", "day"))
        ),
        answers=tuple(
            Answer(label=label, text=text)
            for label, text in _rows(form, "answer", ("label", "text"))
        ),
        done=tuple(sorted(_numbers(form, "done"))),
        is_unchanged=form.get("is_unchanged") == "1",
        is_important=form.get("is_important") == "1",
    ).cleaned()


def _rows(form: Form, name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Rows are columns of equal length; a short column is filled up with nothing."""
    lists = [form.getlist(f"{name}-{column}") for column in columns]
    for index in range(min(max(map(len, lists)), TAKEN_ROWS)):
        yield tuple(column[index] if index < len(column) else "" for column in lists)


def _numbers(form: Form, name: str) -> set[int]:
    return set(numbers_in(form.getlist(name), TAKEN_ROWS))


def version_in(form: Form) -> int:
    """0 where the form was opened before anything was saved, or where no number came."""
    return number_in(form.get("version", "")) or 0


def form_of(data: object) -> Form | None:
    """The form as the script sends it: names with a text or a list of texts, nothing else."""
    if not isinstance(data, dict):
        return None
    form: Form = MultiDict()
    for name, value in data.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            return None
        form.setlist(name, texts)
    return form
