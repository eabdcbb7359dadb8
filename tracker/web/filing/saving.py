"""Saving a draft: the report is begun where there is none, and a conflict is never swallowed."""

from __future__ import annotations

from tracker.reports import writing
from tracker.reports.bodies import Body
from tracker.reports.models import Report
from tracker.tasks.models import Obligation
from tracker.web import edge


def saved(owed: Obligation, typed: Body, version: int) -> Report:
    """Raises Conflict or Forbidden; flushes and leaves the commit to the view."""
    by = edge.by()
    report = writing.begin(owed, by=by.person_id or 0, at=by.at)
    if version == 0 and Body.of(report.body) == Body():
        version = report.version  # opened when nobody had written yet, and nobody has since
    return writing.save(report, typed, version=version, by=by.person_id or 0, at=by.at)
