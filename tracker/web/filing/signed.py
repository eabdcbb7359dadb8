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
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.paging import number_in

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
        number, read = number_in(one), number_in(version)
        if number is not None and read is not None:
            found[number] = read
    return found


def several(chosen: Mapping[int, int], units: Collection[int]) -> Outcome:
    """What can be signed goes in one; for each that cannot there is a sentence."""
    by = edge.by()
    may_own = {unit_id: may_sign_own(unit_id) for unit_id in units}
    signed, stayed = [], {}
    for report, owed in _reports(chosen, units):
        own = may_own[owed.unit_id]
        if sentence := _obstacle(report, owed, by, chosen[owed.id], may_own=own):
            stayed[owed.id] = sentence
        else:
            signed.append((report, owed))
    revisions = filing.sign_all(signed, by, workdays())
    return Outcome(receipts=[revision.receipt for revision in revisions], stayed=stayed)


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
    query = (
        select(Report, Obligation)
        .options(joinedload(Obligation.task))
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Obligation.id.in_(chosen), Obligation.unit_id.in_(units))
        .order_by(Obligation.id)
        .with_for_update(of=(Report, Obligation))
    )
    return [(row.Report, row.Obligation) for row in db.session.execute(query)]
