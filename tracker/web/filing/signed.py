"""Signing as an act: once however often the button is pressed, and several in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import select

from tracker.db import db
from tracker.registry.policies import may_sign_own
from tracker.registry.queries import workdays
from tracker.reports import desk, filing
from tracker.reports.models import Report
from tracker.reports.states import FILED, SIGNING
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.filing.typed import LARGEST_ID

CHANGED = "您打开页面之后报告有过改动，请重新阅读后再审签。"
GONE = "报告已不在待审签状态。"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Receipt numbers in the order of signing, and what stayed, with the reason."""

    receipts: Sequence[str]
    stayed: Mapping[int, str]


def already(report: Report) -> str:
    """The receipt, where the visitor has signed just this text: a second click changes nothing."""
    latest = desk.latest_revision(report.id) if report.state == FILED else None
    return latest.receipt if latest and latest.signed_by == current_user.id else ""


def ticked(values: Sequence[str]) -> dict[int, int]:
    """`obligation:version` as the page wrote it; anything else is nothing."""
    found = {}
    for value in values:
        one, _, version = value.partition(":")
        if one.isdecimal() and version.isdecimal() and max(int(one), int(version)) < LARGEST_ID:
            found[int(one)] = int(version)
    return found


def several(chosen: Mapping[int, int], units: Collection[int]) -> Outcome:
    receipts: list[str] = []
    stayed: dict[int, str] = {}
    by, days = edge.by(), workdays()
    may_own = {unit_id: may_sign_own(unit_id) for unit_id in units}
    for report, owed in _reports(chosen, units):
        sentence = _obstacle(report, chosen[owed.id])
        if sentence:
            stayed[owed.id] = sentence
            continue
        try:
            own = may_own[owed.unit_id]
            revision = filing.sign(report, owed, by, days, may_sign_own=own)
            receipts.append(revision.receipt)
        except Forbidden as refused:
            stayed[owed.id] = str(refused)
    return Outcome(receipts=receipts, stayed=stayed)


def _obstacle(report: Report, version: int) -> str:
    if report.state != SIGNING:
        return GONE
    return "" if report.version == version else CHANGED


def _reports(
    chosen: Mapping[int, int], units: Collection[int]
) -> Sequence[tuple[Report, Obligation]]:
    """All at once; what is not of these units is passed over as if it were not there."""
    query = (
        select(Report, Obligation)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.id.in_(chosen), Obligation.unit_id.in_(units))
        .order_by(Obligation.id)
        .with_for_update()
    )
    return [(row.Report, row.Obligation) for row in db.session.execute(query)]
