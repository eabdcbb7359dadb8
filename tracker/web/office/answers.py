"""From the submitted draft page to a person's answers, with every mistake beside its question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.notices.handing_in import NEW, Settled
from tracker.registry.roster import Roster
from tracker.web.words import KINDS, LEVELS

TAKE, ALIAS = "take", "alias"
LONGEST_NAME, LONGEST_TITLE = 80, 60

Form = MultiDict[str, str]
Errors = dict[tuple[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Given:
    settled: Settled
    errors: Errors


def given(form: Form, roster: Roster) -> Given:
    errors: Errors = {}
    return Given(
        settled=Settled(
            names=_names(form, roster, errors),
            scopes=_scopes(form, roster),
            notices=_notices(form, errors),
        ),
        errors=errors,
    )


def _keys(form: Form, kind: str) -> Iterator[tuple[str, str]]:
    """The questions of one kind as the page asked them: field name and key."""
    for number in count():
        key = form.get(f"{kind}-{number}-key")
        if key is None:
            return
        yield f"{kind}-{number}", key


def _names(form: Form, roster: Roster, errors: Errors) -> dict[str, Mapping[str, Any]]:
    answers = {}
    for field, key in _keys(form, "name"):
        choice = form.get(field, "")
        if choice.startswith(f"{TAKE}:"):
            answer, error = _unit(TAKE, choice.removeprefix(f"{TAKE}:"), roster)
        elif choice == ALIAS:
            answer, error = _unit(ALIAS, form.get(f"{field}-unit", "").strip(), roster)
        elif choice == NEW:
            answer, error = _new(form, field, roster)
        else:
            continue
        if choice in (ALIAS, NEW) and len(key) > LONGEST_NAME:
            error = f"名称超过{LONGEST_NAME}个字，不能登记，请选定已有单位。"
        if error:
            errors["name", key] = error
        answers[key] = answer
    return answers


def _unit(kind: str, name: str, roster: Roster) -> tuple[Mapping[str, Any], str]:
    found = roster.names.get(name)
    if found is None:
        said = f"单位名录中没有“{name}”，请从列表中选择。" if name else "请选择单位。"
        return {kind: name}, said
    return {kind: found.name}, ""


def _new(form: Form, field: str, roster: Roster) -> tuple[Mapping[str, Any], str]:
    described = {part: form.get(f"{field}-{part}", "") for part in ("level", "kind", "city")}
    if described["level"] not in LEVELS or described["kind"] not in KINDS:
        return {NEW: described}, "新增单位请选择层级和类别。"
    if described["city"] not in roster.city_names:
        described["city"] = ""
    if described["level"] == "city" and not described["city"]:
        return {NEW: described}, "市级单位请选择所在地市。"
    return {NEW: described}, ""


def _scopes(form: Form, roster: Roster) -> dict[str, list[str]]:
    answers = {}
    for field, key in _keys(form, "scope"):
        ticked = set(form.getlist(field))
        cities = [name for name in roster.city_names if name in ticked]
        if cities:
            answers[key] = cities
    return answers


def _notices(form: Form, errors: Errors) -> dict[str, Mapping[str, str]]:
    answers: dict[str, Mapping[str, str]] = {}
    for field, key in _keys(form, "notice"):
        parts = ("short_title", "office", "forwards")
        answers[key] = {part: form.get(f"{field}-{part}", "").strip() for part in parts}
        title = answers[key]["short_title"]
        if not title:
            errors["notice", key] = "请填写简称，列表和任务中都用它称呼这份通知。"
        elif len(title) > LONGEST_TITLE:
            errors["notice", key] = f"简称不能超过{LONGEST_TITLE}个字。"
    return answers


def in_words(answer: Mapping[str, Any]) -> str:
    """An answer about a name as another person reads it."""
    if TAKE in answer:
        return f"本文件中即“{answer[TAKE]}”"
    if ALIAS in answer:
        return f"记为“{answer[ALIAS]}”的别称"
    if NEW in answer:
        level, kind = answer[NEW].get("level", ""), answer[NEW].get("kind", "")
        return f"新增单位（{LEVELS.get(level, '')}，{KINDS.get(kind, '')}）"
    return "暂不确定"
