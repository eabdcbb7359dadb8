"""What a report says: its fields, how typed text becomes them, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.reports.states import ADVANCING, LANDED, REJECTED, STAGES
from tracker.tasks.questions import Question, wrong_answers
from tracker.tasks.states import CALL
from tracker.tasks.wording import clean, control_in

LONGEST_TEXT = 4_000
SHORTEST_PROGRESS = 10
MOST_ROWS = 30
LONGEST_TITLE = 200
LONGEST_WHO = 80
WHOLE = 100
MOST_UNCHANGED = 2

SECTIONS: Mapping[str, str] = {
    "answers": "回复内容",
    "stage": "工作阶段",
    "percent": "完成进度",
    "progress": "进展情况",
    "results": "工作成效",
    "documents": "出台文件",
    "publicity": "宣传解读",
    "problems": "存在问题",
    "difficulties": "需协调事项",
    "next_steps": "下一步工作",
    "reasons": "不采用的理由",
    "milestones": "时间节点",
    "parts": "协办材料",
    "evidence": "佐证材料",
}
# What a reason may end with, where another one or our own full stop follows.
ENDS = "。；;.!！ "
TEXTS = (
    "progress",
    "results",
    "publicity",
    "problems",
    "difficulties",
    "next_steps",
    "reasons",
)
# Offered again in the next period; figures and documents are new each time.
CARRIED = ("stage", "percent", *TEXTS, "difficulty_kind", "is_important")
PLAIN = ("stage", "percent", *TEXTS, "difficulty_kind")


def returned_note(reasons: Mapping[str, str], until: str) -> str:
    """A return in one line, for the timeline and the letter: the day that counts, then why."""
    said = "；".join(f"{SECTIONS[name]}：{text.rstrip(ENDS)}" for name, text in reasons.items())
    return f"补正期限{until}。{said}。"


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A document that was issued."""

    title: str
    number: str = ""
    day: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone of a work plan: what, by whom, by when."""

    what: str
    who: str = ""
    by_day: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to a question of a call, with the question's own words."""

    label: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """协办材料 of another unit, under the name it has."""

    unit: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Body:
    """A report's content. Everything may be missing while it is being written."""

    stage: str = ""
    percent: str = ""
    progress: str = ""
    results: str = ""
    publicity: str = ""
    problems: str = ""
    difficulties: str = ""
    difficulty_kind: str = ""
    is_important: bool = False
    next_steps: str = ""
    reasons: str = ""
    documents: tuple[Issued, ...] = ()
    milestones: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    # What other units gave to this report, as it stood when the report was filed.
    parts: tuple[Given, ...] = ()
    done: tuple[int, ...] = ()
    is_unchanged: bool = False

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = {name: getattr(self, name) for name in PLAIN}
        answered: dict[str, Any] = (
            {"answers": [vars(answer) for answer in self.answers]} if self.answers else {}
        )
        if self.parts:
            answered |= {"parts": [vars(part) for part in self.parts]}
        return (
            plain
            | answered
            | {
                "documents": [vars(document) for document in self.documents],
                "milestones": [vars(step) for step in self.milestones],
                "done": list(self.done),
                "is_unchanged": self.is_unchanged,
                "is_important": self.is_important,
            }
        )

    @staticmethod
    def of(kept: Mapping[str, Any]) -> Body:
        plain: dict[str, Any] = {name: str(kept.get(name, "")) for name in PLAIN}
        return Body(
            **plain,
            documents=tuple(Issued(**document) for document in kept.get("documents", ())),
            milestones=tuple(Step(**step) for step in kept.get("milestones", ())),
            answers=tuple(Answer(**answer) for answer in kept.get("answers", ())),
            parts=tuple(Given(**part) for part in kept.get("parts", ())),
            done=tuple(kept.get("done", ())),
            is_unchanged=bool(kept.get("is_unchanged", False)),
            is_important=bool(kept.get("is_important", False)),
        )

    def cleaned(self) -> Body:
        """As typed, but for outer space, foreign line ends and empty rows."""
        texts: dict[str, Any] = {name: clean(getattr(self, name)) for name in PLAIN}
        return replace(
            self,
            **texts,
            documents=tuple(
                Issued(title=clean(d.title), number=clean(d.number), day=clean(d.day))
                for d in self.documents
                if any(map(clean, (d.title, d.number, d.day)))
            ),
            milestones=tuple(
                Step(what=clean(s.what), who=clean(s.who), by_day=clean(s.by_day))
                for s in self.milestones
                if any(map(clean, (s.what, s.who, s.by_day)))
            ),
            answers=tuple(
                Answer(label=clean(a.label), text=clean(a.text))
                for a in self.answers
                if clean(a.text)
            ),
        )

    @property
    def whole_percent(self) -> int:
        return int(self.percent) if re.fullmatch("[0-9]{1,3}", self.percent) else 0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of this one report: by its kind, its measure, and what came before."""

    kind: str
    may_reject: bool
    unchanged_before: int = 0
    milestones: Sequence[int] = ()
    is_first: bool = False
    questions: Sequence[Question] = ()
    has_files: bool = False


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One sentence, and the field it stands beside."""

    field: str
    message: str


def mistakes(body: Body, asked: Asked) -> list[Mistake]:
    """Everything that keeps the report from being sent, all at once."""
    if asked.kind == CALL:
        return list(_answers(body, asked))
    found = [*_lengths(body), *_controls(body), *_rows(body), *_ticks(body, asked)]
    if asked.kind == "plan":
        found.extend(_plan(body))
    else:
        found.extend(_stage(body, asked))
        found.extend(_progress(body, asked))
    return found


def _answers(body: Body, asked: Asked) -> Iterator[Mistake]:
    given = {answer.label: answer.text for answer in body.answers}
    if set(given) - {question.label for question in asked.questions}:
        yield Mistake(field="answers", message="有的回复不属于这次调度，请刷新页面后重填。")
    found = wrong_answers(asked.questions, given, has_files=asked.has_files)
    for number, sentence in found:
        yield Mistake(field=f"answer-{number}", message=sentence)


def _lengths(body: Body) -> Iterator[Mistake]:
    for name in TEXTS:
        over = len(getattr(body, name)) - LONGEST_TEXT
        if over > 0:
            message = f"{SECTIONS[name]}最多{LONGEST_TEXT}字，请删减{over}字。"
            yield Mistake(field=name, message=message)


def _controls(body: Body) -> Iterator[Mistake]:
    """What came in by pasting and cannot be seen: its place is named, nothing is taken out."""
    typed = [(name, getattr(body, name)) for name in TEXTS]
    typed.extend(("documents", text) for d in body.documents for text in (d.title, d.number))
    typed.extend(("milestones", text) for s in body.milestones for text in (s.what, s.who))
    for field, text in typed:
        if place := control_in(text):
            message = f"{SECTIONS[field]}{place}有无法显示的控制字符，请删去后再送审。"
            yield Mistake(field=field, message=message)


def _ticks(body: Body, asked: Asked) -> Iterator[Mistake]:
    if set(body.done) - set(asked.milestones):
        message = "勾选的时间节点不属于这项任务，请刷新页面后重选。"
        yield Mistake(field="milestones", message=message)


def _rows(body: Body) -> Iterator[Mistake]:
    for field, rows in (("documents", body.documents), ("milestones", body.milestones)):
        if len(rows) > MOST_ROWS:
            yield Mistake(field=field, message=f"最多填写{MOST_ROWS}行，请合并后再填。")
    for document in body.documents:
        if not document.title:
            yield Mistake(field="documents", message="出台文件须写明文件名称。")
        if document.day and not is_day(document.day):
            message = f"印发日期“{document.day[:20]}”不是有效日期，请按 2026-01-31 的格式填写。"
            yield Mistake(field="documents", message=message)
        if max(map(len, (document.title, document.number))) > LONGEST_TITLE:
            yield Mistake(field="documents", message=f"文件名称和文号最多{LONGEST_TITLE}字。")


def _plan(body: Body) -> Iterator[Mistake]:
    if len(body.progress) < SHORTEST_PROGRESS:
        yield Mistake(field="progress", message="请写明工作安排，不少于10个字。")
    if not body.milestones:
        yield Mistake(field="milestones", message="工作方案至少要有一个时间节点。")
    for step in body.milestones:
        if not step.what:
            yield Mistake(field="milestones", message="每个时间节点都要写明工作内容。")
        elif not is_day(step.by_day):
            message = f"时间节点“{step.what[:20]}”须写明完成日期，格式如 2026-01-31。"
            yield Mistake(field="milestones", message=message)
        if len(step.what) > LONGEST_TITLE or len(step.who) > LONGEST_WHO:
            message = f"时间节点的工作内容最多{LONGEST_TITLE}字，责任人最多{LONGEST_WHO}字。"
            yield Mistake(field="milestones", message=message)


def _stage(body: Body, asked: Asked) -> Iterator[Mistake]:
    if body.stage not in STAGES:
        yield Mistake(field="stage", message="请选择工作阶段。")
    if body.stage == REJECTED and not asked.may_reject:
        message = "只有借鉴事项可以选择“不采用”，本事项须复制推广。"
        yield Mistake(field="stage", message=message)
    if body.stage == REJECTED and len(body.reasons) < SHORTEST_PROGRESS:
        yield Mistake(field="reasons", message="选择“不采用”须写明理由，不少于10个字。")
    if not re.fullmatch("[0-9]{1,3}", body.percent):
        yield Mistake(field="percent", message="完成进度须填0到100之间的整数。")
    elif body.whole_percent > WHOLE:
        yield Mistake(field="percent", message="完成进度不能超过100。")
    elif body.stage == LANDED and body.whole_percent < WHOLE:
        yield Mistake(field="percent", message="已落地的事项，完成进度应为100。")
    elif body.stage == ADVANCING and body.whole_percent == WHOLE:
        message = "完成进度为100时，工作阶段应选“已落地”。"
        yield Mistake(field="stage", message=message)


def _progress(body: Body, asked: Asked) -> Iterator[Mistake]:
    if body.is_unchanged:
        yield from wrongly_unchanged(body, asked)
    elif len(body.progress) < SHORTEST_PROGRESS:
        yield Mistake(field="progress", message="请写明进展情况，不少于10个字。")


def wrongly_unchanged(body: Body, asked: Asked) -> Iterator[Mistake]:
    """Said beside the progress, where a page has no better place for it."""
    if body.is_unchanged and asked.is_first:
        message = "首次填报没有上期内容，不能选“无变化”，请写明进展情况。"
        yield Mistake(field="progress", message=message)
    elif body.is_unchanged and asked.unchanged_before >= MOST_UNCHANGED:
        message = f"“无变化”最多连续填报{MOST_UNCHANGED}次，本期请写明进展情况。"
        yield Mistake(field="progress", message=message)


def is_day(text: str) -> bool:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return date(1990, 1, 1) <= day <= date(2099, 12, 31)


def carried(before: Body) -> Body:
    """Last period's text, offered as this period's beginning."""
    values: dict[str, Any] = {name: getattr(before, name) for name in CARRIED}
    return Body(**values)
