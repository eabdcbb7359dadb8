"""What the forms of an urge say, read as typed: the proposal's words, the unit's answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from tracker.supervision.models import Urge
from tracker.supervision.urging import LONGEST, Answer
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import clean, said
from tracker.web.days import typed as day_typed
from tracker.web.paging import numbers_in

MOST = 2_000
Form = MultiDict[str, str]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The office's own words for a proposal, its day, and the obligations that stay ticked."""

    reason: str
    reply_by: date | None
    keep: frozenset[int]

    def day_or_refuse(self) -> date:
        if self.reply_by is None:
            raise Forbidden("请填写回复期限。")
        return self.reply_by

    def differs_from(self, urge: Urge, kept: Collection[int]) -> bool:
        before = urge.reason, urge.reply_by, frozenset(kept)
        return before != (clean(self.reason), self.reply_by, self.keep)


def proposal(form: Form) -> Proposal:
    return Proposal(
        reason=form.get("reason", ""),
        reply_by=day_typed(form.get("reply_by", "")),
        keep=frozenset(numbers_in(form.getlist("keep"), MOST)),
    )


@dataclass(frozen=True, kw_only=True)
class Replies:
    """An answer for each obligation, or what is wrong beside its field."""

    answers: Mapping[int, Answer]
    wrong: Mapping[str, str]


def replies(form: Form, asked: Sequence[int], *, today: date) -> Replies:
    """What is left empty for one obligation is taken from the answer to all."""
    answers: dict[int, Answer] = {}
    wrong: dict[str, str] = {}
    for one in asked:
        words = form.get(f"words-{one}", "").strip() or form.get("words", "")
        day = day_typed(form.get(f"day-{one}", "").strip() or form.get("day", ""))
        if refusal := _refusal(words):
            wrong[f"words-{one}"] = refusal
        if day is None or day < today:
            wrong[f"day-{one}"] = "请填写预计报送日期，须为今天或以后。"
        else:
            answers[one] = Answer(words=words, expected_on=day)
    return Replies(answers=answers, wrong=wrong)


def _refusal(words: str) -> str:
    try:
        said(words, what="回复", longest=LONGEST)
    except Forbidden as sentence:
        return str(sentence)
    return ""
