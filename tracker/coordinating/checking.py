"""督查核查: the office writes down who went, when, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.coordinating.models import Check, CheckBacking
from tracker.db import db
from tracker.reports.models import Evidence
from tracker.tasks import moving
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said

LONGEST_NAMES, LONGEST_SEEN = 80, 2_000
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who went, when, and what was seen; as typed, so that everything may be missing."""

    made_on: date | None
    made_by: str
    seen: str
    is_fine: bool | None


def record(
    office_id: int,
    visit: Visit,
    by: By,
    *,
    task_id: int | None = None,
    city_id: int | None = None,
    files: Sequence[Evidence] = (),
) -> Check:
    if task_id is None and city_id is None:
        raise Forbidden("请选择核查的任务或地市。")
    if visit.made_on is None or not EARLIEST <= visit.made_on <= by.day:
        raise Forbidden("请填写核查日期，不能晚于今天。")
    if visit.is_fine is None:
        raise Forbidden("请选择核查结论。")
    if by.person_id is None:
        raise Forbidden("核查情况须由具体人员记录。")
    check = Check(
        office_id=office_id,
        task_id=task_id,
        city_id=city_id,
        made_on=visit.made_on,
        made_by=said(visit.made_by, what="核查人员", longest=LONGEST_NAMES),
        seen=said(visit.seen, what="核查情况", longest=LONGEST_SEEN),
        is_fine=visit.is_fine,
        recorded_by=by.person_id,
        recorded_at=by.at,
    )
    db.session.add(check)
    moving.flush()
    db.session.add_all(CheckBacking(check_id=check.id, evidence_id=file.id) for file in files)
    moving.flush()
    return check
