"""经验做法: units write and sign cases at any time; the office selects and compiles them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from tracker.coordinating.experience import (
    ASK_MORE,
    COMPILE,
    LEAVE_OUT,
    REWRITE,
    SELECTED,
    SIGN,
    SIGNING,
    after,
)
from tracker.coordinating.models import Case, CaseEvidence, CaseMove, Compilation
from tracker.db import db
from tracker.reports.models import Evidence
from tracker.tasks import moving
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said

LONGEST: Mapping[str, tuple[str, int]] = {
    "title": ("案例名称", 120),
    "done": ("主要做法", 4_000),
    "effect": ("取得成效", 2_000),
}
LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORDS = 1_000, 120, 2_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """A case as its unit writes it."""

    title: str
    done: str
    effect: str
    notice_id: int
    measure_id: int | None = None


def wrongs(written: Written) -> dict[str, str]:
    """A sentence for each field that is missing or cannot be kept."""
    found = {}
    for field, (what, longest) in LONGEST.items():
        try:
            said(getattr(written, field), what=what, longest=longest)
        except Forbidden as sentence:
            found[field] = str(sentence)
    if "effect" not in found and not any(letter.isdigit() for letter in written.effect):
        found["effect"] = "取得成效请至少写一个数字，例如办理时限压减几成、惠及多少家企业。"
    return found


def write(written: Written, by: By, *, unit_id: int) -> Case:
    """A new case waits for the signature of its own unit; it leaves the unit signed only."""
    if wrong := wrongs(written):
        raise Forbidden(next(iter(wrong.values())))
    case = Case(
        unit_id=unit_id,
        state=SIGNING,
        written_by=_person(by),
        written_at=by.at,
        **_values(written),
    )
    db.session.add(case)
    db.session.flush()
    _record(case, REWRITE, by)
    return case


def rewrite(case: Case, written: Written, by: By) -> None:
    """What was asked for more is written anew, and signed again."""
    if wrong := wrongs(written):
        raise Forbidden(next(iter(wrong.values())))
    _move(case, REWRITE, by)
    for name, value in _values(written).items():
        setattr(case, name, value)
    case.written_by, case.written_at = _person(by), by.at
    moving.flush()


def _values(written: Written) -> dict[str, object]:
    texts = {
        field: said(getattr(written, field), what=what, longest=longest)
        for field, (what, longest) in LONGEST.items()
    }
    return texts | {"notice_id": written.notice_id, "measure_id": written.measure_id}


def sign(case: Case, by: By, *, may_sign_own: bool = False) -> None:
    if case.written_by == by.person_id and not may_sign_own:
        raise Forbidden("案例由本人填写，须由另一位审签人审签。")
    _move(case, SIGN, by)
    case.filed_at = by.at
    moving.flush()


def rule(case: Case, event: str, by: By, *, note: str) -> None:
    """The office selects, asks for more or leaves out; the latter two with a reason."""
    needs_reason = event in (ASK_MORE, LEAVE_OUT)
    words = said(note, what="理由", longest=LONGEST_NOTE, may_be_empty=not needs_reason)
    _move(case, event, by, words)
    case.note = words
    moving.flush()


def compile_cases(
    cases: Sequence[Case], by: By, *, office_id: int, title: str, words: str
) -> Compilation:
    """成熟一批、总结一批、推广一批: selected cases become one compilation, open to everybody."""
    if not cases:
        raise Forbidden("请至少勾选一个已入选的案例。")
    if any(case.state != SELECTED for case in cases):
        raise Forbidden("只能汇编已入选的案例，请刷新页面后重选。")
    made = Compilation(
        office_id=office_id,
        title=said(title, what="汇编名称", longest=LONGEST_TITLE),
        words=said(words, what="按语", longest=LONGEST_WORDS, may_be_empty=True),
        made_by=_person(by),
        made_at=by.at,
    )
    db.session.add(made)
    db.session.flush()
    for case in cases:
        _move(case, COMPILE, by)
        case.compilation_id = made.id
    moving.flush()
    return made


def back(case: Case, evidence: Sequence[Evidence]) -> None:
    known = select(CaseEvidence.evidence_id).where(CaseEvidence.case_id == case.id)
    there = set(db.session.scalars(known))
    rows = [
        {"case_id": case.id, "evidence_id": item.id} for item in evidence if item.id not in there
    ]
    if rows:
        db.session.execute(insert(CaseEvidence), rows)


def _move(case: Case, event: str, by: By, note: str = "") -> None:
    case.state = after(case.state, event)
    moving.flush()
    _record(case, event, by, note)


def _record(case: Case, event: str, by: By, note: str = "") -> None:
    db.session.add(
        CaseMove(
            case_id=case.id,
            event=event,
            state=case.state,
            recorded_at=by.at,
            person_id=_person(by),
            note=note,
        )
    )
    db.session.flush()


def _person(by: By) -> int:
    if by.person_id is None:
        raise Forbidden("经验做法须由具体人员办理。")
    return by.person_id
