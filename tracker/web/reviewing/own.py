"""What is the visitor's own office's: its notices, and the reports filed for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import abort
from flask_login import current_user

from tracker.notices import queries as notices
from tracker.notices.models import Notice
from tracker.permissions import Record, is_office_of
from tracker.registry import queries as registry
from tracker.reports import queries
from tracker.reports.models import Report
from tracker.tasks.models import Obligation


def own_notices() -> Sequence[Notice]:
    """The notices that the visitor's office supervises."""
    return [notice for notice in notices.notices() if notice.office_id == current_user.unit_id]


def own_units() -> frozenset[int]:
    """The office, and the department it belongs to: their reports are marked 本单位."""
    unit = registry.unit(current_user.unit_id)
    return frozenset({current_user.unit_id, unit.parent_id if unit and unit.parent_id else 0})


def own_report(report_id: int) -> tuple[Report, Obligation]:
    """A report that was filed to the visitor's office; any other is not found."""
    report = queries.report(report_id) or abort(404)
    obligation = own_obligation(report.obligation_id)
    if not report.revision:
        abort(404)
    return report, obligation


def own_reports(report_ids: Collection[int]) -> Sequence[tuple[Report, Obligation]]:
    """Several at once, in order of their numbers; one that is not the office's hides them all."""
    found = queries.reports_filed_to(current_user.unit_id, report_ids)
    if len(found) != len(report_ids):
        abort(404)
    return found


def own_obligation(obligation_id: int) -> Obligation:
    obligation = queries.obligation(obligation_id) or abort(404)
    record = Record(unit_id=obligation.unit_id, office_id=obligation.notice.office_id)
    if not is_office_of(current_user.actor, record):
        abort(404)
    return obligation
