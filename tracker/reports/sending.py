"""What leaves a unit: the next revision of each report, with its receipt.

Many leave in as many statements as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert, select

from tracker.db import db
from tracker.difficulties.raising import Said, raise_in_reports
from tracker.registry.models import Unit
from tracker.reports.bodies import Body, Given
from tracker.reports.models import Backing, FiledBacking, Part, Report, Revision
from tracker.reports.parts import GIVEN
from tracker.reports.receipts import next_receipts
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Tracking
from tracker.tasks.moving import By
from tracker.workdays import Workdays

REVIEW_WORKDAYS = 5


@dataclass(frozen=True)
class Leaving:
    """A report that was moved to where it is filed, and what it meets."""

    report: Report
    obligation: Obligation
    filed_by: int | None


def send(
    leaving: Sequence[Leaving], by: By, workdays: Workdays, *, received_on: date | None = None
) -> list[Revision]:
    """In the order given; the obligations move with them, by the table of their own."""
    if not leaving:
        return []
    days = _review_days({one.obligation.notice_id for one in leaving}, by.day, workdays)
    names = _names({one.report.unit_id for one in leaving})
    receipts = next_receipts(by.day.year, len(leaving))
    for one in leaving:
        _await_review(one.report, days[one.obligation.notice_id])
    moving.flush_all([one.report for one in leaving])
    filed = {"filed_at": by.at, "signed_by": by.person_id, "received_on": received_on}
    given = _given({one.obligation.id for one in leaving})
    rows = [
        _row(one, names[one.report.unit_id], given.get(one.obligation.id, ()))
        | filed
        | {"receipt": receipt, "review_by": days[one.obligation.notice_id]}
        for one, receipt in zip(leaving, receipts, strict=True)
    ]
    db.session.execute(insert(Revision), rows)
    revisions = _with(receipts)
    _keep_backing(revisions)
    raise_in_reports([(one.obligation, _said(one.report)) for one in leaving], by)
    moving.send_all([one.obligation for one in leaving], by, received_on=received_on)
    return revisions


def _review_days(notice_ids: set[int], day: date, workdays: Workdays) -> dict[int, date]:
    """The reviewer has a deadline too; each notice says how many workdays."""
    query = select(Tracking.notice_id, Tracking.review_workdays)
    known = {
        row.notice_id: row.review_workdays
        for row in db.session.execute(query.where(Tracking.notice_id.in_(notice_ids)))
    }
    return {
        notice_id: workdays.after(day, known.get(notice_id, REVIEW_WORKDAYS))
        for notice_id in notice_ids
    }


def _names(unit_ids: set[int]) -> dict[int, str]:
    query = select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))
    return {row.id: row.name for row in db.session.execute(query)}


def _await_review(report: Report, day: date) -> None:
    report.revision += 1
    report.review_by, report.reviewer_id = day, None


def _given(obligation_ids: set[int]) -> dict[int, list[Given]]:
    """What other units gave to each of these reports by now, named."""
    query = (
        select(Part.obligation_id, Part.text, Unit.name)
        .join(Unit, Part.unit_id == Unit.id)
        .where(Part.obligation_id.in_(obligation_ids), Part.state == GIVEN)
        .order_by(Part.id)
    )
    found: dict[int, list[Given]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.obligation_id, []).append(Given(unit=row.name, text=row.text))
    return found


def _row(one: Leaving, unit_name: str, given: Sequence[Given]) -> dict[str, object]:
    """As filed, under the name the unit has now, with what other units gave to it."""
    report, body = one.report, Body.of(one.report.body)
    return {
        "report_id": report.id,
        "number": report.revision,
        "body": replace(body, parts=tuple(given)).as_json() if given else report.body,
        "stage": body.stage,
        "percent": body.whole_percent,
        "is_unchanged": body.is_unchanged,
        "unit_id": report.unit_id,
        "unit_name": unit_name,
        "filed_by": one.filed_by,
    }


def _said(report: Report) -> Said:
    body = Body.of(report.body)
    return Said(
        words=body.difficulties,
        kind=body.difficulty_kind,
        is_important=body.is_important,
        revision=report.revision,
    )


def _with(receipts: Sequence[str]) -> list[Revision]:
    found = select(Revision).where(Revision.receipt.in_(receipts)).order_by(Revision.receipt)
    return list(db.session.scalars(found))


def _keep_backing(revisions: Sequence[Revision]) -> None:
    """The evidence as it is now, in one statement for all."""
    ids = [revision.id for revision in revisions]
    rows = (
        select(Revision.id, Backing.evidence_id)
        .join(Backing, Backing.report_id == Revision.report_id)
        .where(Revision.id.in_(ids))
    )
    columns = ["revision_id", "evidence_id"]
    db.session.execute(insert(FiledBacking).from_select(columns, rows))
