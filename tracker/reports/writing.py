"""Drafts: saved as typed; a later save never swallows an earlier one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import day_of
from tracker.db import db
from tracker.reports.bodies import Body
from tracker.reports.models import Report
from tracker.reports.states import DRAFT, EDITABLE, STATES
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.states import DISPUTED, OBLIGATIONS, OVER, UNASSIGNED, WAIVED, Forbidden

NOT_OWED = frozenset({WAIVED, OVER, UNASSIGNED, DISPUTED})


class Conflict(Exception):
    """Somebody else saved meanwhile; both texts are at hand and nothing is lost."""

    def __init__(self, report: Report, typed: Body) -> None:
        super().__init__("这份报告刚被他人保存，您的内容没有覆盖对方，请核对两份文字后再保存。")
        self.report = report
        self.kept = Body.of(report.body)
        self.typed = typed


def begin(obligation: Obligation, *, by: int, at: datetime) -> Report:
    """The obligation's report, begun empty where there is none yet."""
    report = of_obligation(obligation.id)
    if report is not None:
        follow(report, obligation)
        return report
    if obligation.status in NOT_OWED:
        status = OBLIGATIONS[obligation.status]
        raise Forbidden(f"这项应报事项当前是“{status}”，不需要填报。")
    report = Report(
        obligation_id=obligation.id,
        unit_id=obligation.unit_id,
        notice_id=obligation.notice_id,
        state=DRAFT,
        body=Body().as_json(),
        written_by=by,
        written_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError:
        # Two people opened the same form at once: both write on the one report.
        return db.session.scalars(_of(obligation.id)).one()
    moving.begin(obligation, day_of(at))
    return report


def follow(report: Report, obligation: Obligation) -> None:
    """After a hand-over the unit that owes it now writes on; what was filed keeps its unit."""
    if report.unit_id != obligation.unit_id and report.state in EDITABLE:
        report.unit_id = obligation.unit_id
        moving.flush()


def of_obligation(obligation_id: int) -> Report | None:
    return db.session.scalar(_of(obligation_id))


def _of(obligation_id: int) -> Select[Report]:
    return select(Report).where(Report.obligation_id == obligation_id)


def save(report: Report, body: Body, *, version: int, by: int, at: datetime) -> Report:
    """Save a draft as typed. `version` is the one the writer had before their eyes."""
    typed, report_id = body.cleaned(), report.id
    put(report, typed, version=version, by=by, at=at)
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        return _unless_same(db.session.get_one(Report, report_id), typed)
    return report


def put(report: Report, typed: Body, *, version: int, by: int, at: datetime) -> None:
    """The same for one of many, which the caller has locked and flushes together."""
    if report.state not in EDITABLE:
        raise Forbidden(f"报告当前是“{STATES[report.state]}”，不能修改，请刷新页面后再看。")
    if report.version != version:
        _unless_same(report, typed)
        return
    report.body = typed.as_json()
    report.written_by, report.written_at = by, at


def _unless_same(report: Report, typed: Body) -> Report:
    """The same text twice, as by a double click, is no conflict."""
    if Body.of(report.body) != typed:
        raise Conflict(report, typed)
    return report
