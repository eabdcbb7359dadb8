"""协办材料: who owes a report asks other units for their part; what they give flows in, named.

A city asks its departments, a lead asks units that support it. No day of the report moves by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.registry.editing import CLASS
from tracker.registry.models import Unit
from tracker.reports.models import Part
from tracker.reports.parts import (
    ASKED,
    CANCEL,
    GIVE,
    LONGEST_ASKED,
    LONGEST_PART,
    SEND_BACK,
    after,
)
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import DUE, RETURNED, Forbidden
from tracker.tasks.wording import said

MOST_AT_ONCE = 30


def ask(
    owed: Sequence[Obligation],
    unit_ids: Sequence[int],
    by: By,
    *,
    words: str,
    wanted_by: date | None,
) -> int:
    """Ask units for their parts of one report or of many; who was asked already is left alone."""
    if not unit_ids:
        raise Forbidden("请至少选择一个单位。")
    if len(set(unit_ids)) > MOST_AT_ONCE:
        raise Forbidden(f"一次最多请{MOST_AT_ONCE}个单位协办。")
    if wanted_by is None or wanted_by < by.day:
        raise Forbidden("请填写提供材料的日期，不早于今天。")
    _refuse_classes(unit_ids)
    text = said(words, what="需要提供的内容", longest=LONGEST_ASKED)
    pairs = [(one, unit_id) for one in owed for unit_id in dict.fromkeys(unit_ids)]
    return _ask(pairs, by, text, wanted_by)


def ask_each(pairs: Sequence[tuple[Obligation, int]], by: By, *, words: str, day: date) -> int:
    """Each report's own unit, as a city's breakdown names it."""
    text = said(words, what="需要提供的内容", longest=LONGEST_ASKED)
    return _ask(pairs, by, text, day)


def _ask(pairs: Sequence[tuple[Obligation, int]], by: By, words: str, day: date) -> int:
    ids = [one.id for one, _ in pairs]
    standing = select(Part.obligation_id, Part.unit_id).where(Part.obligation_id.in_(ids))
    known = {(row.obligation_id, row.unit_id) for row in db.session.execute(standing)}
    new = [
        Part(
            obligation_id=one.id,
            asker_id=one.unit_id,
            unit_id=unit_id,
            state=ASKED,
            words=words,
            wanted_by=day,
            asked_by=by.person_id,
            asked_at=by.at,
        )
        for one, unit_id in pairs
        if (one.id, unit_id) not in known and unit_id != one.unit_id and _is_open(one)
    ]
    if not new:
        raise Forbidden("所选单位都已请过，或报告已经报送，没有新的请求。")
    db.session.add_all(new)
    db.session.flush()
    return len(new)


def _is_open(owed: Obligation) -> bool:
    return owed.status in (DUE, RETURNED)


def _refuse_classes(unit_ids: Sequence[int]) -> None:
    classes = select(Unit.name).where(Unit.id.in_(unit_ids), Unit.kind == CLASS)
    if found := db.session.scalars(classes).first():
        raise Forbidden(f"“{found}”是一类单位，请选择具体单位。")


def give(part: Part, by: By, *, text: str, version: int) -> None:
    """The unit gives its part, or gives it anew; nothing is signed, the report is signed whole."""
    if part.version != version:
        raise Forbidden("这份材料刚被同事提交过，您的内容没有覆盖对方，请刷新页面核对。")
    part.text = said(text, what="协办材料", longest=LONGEST_PART)
    part.state = after(part.state, GIVE)
    part.given_by, part.given_at, part.note = by.person_id, by.at, ""
    moving.flush()


def send_back(part: Part, *, note: str) -> None:
    part.state = after(part.state, SEND_BACK)
    part.note = said(note, what="需要补充的内容", longest=LONGEST_ASKED)
    moving.flush()


def cancel(part: Part) -> None:
    """Not needed any more; what was given stays readable, and flows in no longer."""
    part.state = after(part.state, CANCEL)
    moving.flush()
