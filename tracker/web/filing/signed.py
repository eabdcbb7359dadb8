"""Signing as an act: once however often the button is pressed, and several in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.registry.policies import may_sign_own
from tracker.registry.queries import workdays
from tracker.reports import desk, filing
from tracker.reports.models import Report
from tracker.reports.states import FILED, SIGNING
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.paging import number_in

CHANGED = "您打开页面之后报告有过改动，请重新阅读后再审签。"
GONE = "报告已不在待审签状态。"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One report as the outcome's page names it; values, for the commit lets go of the rows."""

    id: int
    title: str
    place: str
    kind: str
    period: str
    said: str

    @staticmethod
    def of(owed: Obligation, said: str) -> Line:
        no = f"{owed.notice.short_title} 第{owed.measure.no}项" if owed.measure else ""
        return Line(
            id=owed.id, title=owed.title, place=no, kind=owed.kind, period=owed.period, said=said
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was signed with its receipt, in the order of signing; what stayed, with the reason."""

    signed: Sequence[Line]
    stayed: Sequence[Line]

    @property
    def receipts(self) -> list[str]:
        return [line.said for line in self.signed]


def already(report: Report) -> str:
    """The receipt, where the visitor has signed just this text: a second click changes nothing."""
    latest = desk.latest_revision(report.id) if report.state == FILED else None
    return latest.receipt if latest and latest.signed_by == current_user.id else ""


def ticked(values: Sequence[str]) -> dict[int, int]:
    """`obligation:version` as the page wrote it; anything else is nothing."""
    found = {}
    for value in values:
        one, _, version = value.partition(":")
        number, read = number_in(one), number_in(version)
        if number is not None and read is not None:
            found[number] = read
    return found


def several(chosen: Mapping[int, int], units: Collection[int]) -> Outcome:
    """What can be signed goes in one; for each that cannot there is a sentence."""
    by = edge.by()
    may_own = {unit_id: may_sign_own(unit_id) for unit_id in units}
    signed, stayed = [], []
    for report, owed in _reports(chosen, units):
        own = may_own[owed.unit_id]
        if sentence := _obstacle(report, owed, by, chosen[owed.id], may_own=own):
            stayed.append(Line.of(owed, sentence))
        else:
            signed.append((report, owed))
    revisions = filing.sign_all(signed, by, workdays())
    owed_by = {report.id: owed for report, owed in signed}
    told = [Line.of(owed_by[revision.report_id], revision.receipt) for revision in revisions]
    return Outcome(signed=told, stayed=stayed)


def _obstacle(report: Report, owed: Obligation, by: By, version: int, *, may_own: bool) -> str:
    if report.state != SIGNING:
        return GONE
    if report.version != version:
        return CHANGED
    try:
        filing.check_signing(report, owed, by, may_sign_own=may_own)
    except Forbidden as refused:
        return str(refused)
    return ""


def _reports(
    chosen: Mapping[int, int], units: Collection[int]
) -> Sequence[tuple[Report, Obligation]]:
    """All at once; what is not of these units is passed over as if it were not there."""
    measure = joinedload(Obligation.task).joinedload(Task.measure)
    named = joinedload(Obligation.call), joinedload(Obligation.notice)
    query = (
        select(Report, Obligation)
        .options(measure, *named)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.id.in_(chosen), Obligation.unit_id.in_(units))
        .order_by(Obligation.id)
        .with_for_update(of=(Report, Obligation))
    )
    return [(row.Report, row.Obligation) for row in db.session.execute(query)]
