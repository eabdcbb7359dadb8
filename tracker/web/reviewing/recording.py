"""代录 in one transaction: the text, the scan, and the filing that counts from the day it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_login import current_user

from tracker import storage
from tracker.registry.queries import workdays
from tracker.reports import desk, evidence, filing, queries, writing
from tracker.reports.bodies import Body
from tracker.reports.models import Report, Revision
from tracker.reports.states import DRAFT, RETURNED
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.reviewing.paper_form import Paper
from tracker.web.reviewing.scans import folder

BEING_WRITTEN = "该单位正在网上填写这份报告，不能代录，请与单位联系。"


def refusal(report: Report | None) -> str:
    """Why this report cannot be recorded now; nothing where it can."""
    if report is None:
        return ""
    filed = desk.latest_revision(report.id)
    is_written = is_being_written(report.state, report.body, filed.body if filed else {})
    return BEING_WRITTEN if is_written else ""


def is_being_written(
    state: str | None, body: Mapping[str, Any] | None, filed: Mapping[str, Any] | None
) -> bool:
    """Whether the unit has typed something since it filed last, or it waits for a signature."""
    if state is None:
        return False
    return state not in (DRAFT, RETURNED) or Body.of(body or {}) != Body.of(filed or {})


def record(obligation: Obligation, paper: Paper) -> Revision:
    """Everything or nothing; the caller has checked that there is a day and a scan."""
    by = edge.by()
    if sentence := refusal(writing.of_obligation(obligation.id)):
        raise Forbidden(sentence)
    report = writing.begin(obligation, by=current_user.id, at=by.at)
    writing.save(report, paper.body, version=report.version, by=current_user.id, at=by.at)
    hashes = _keep(report, paper)
    if paper.day is None:
        raise Forbidden("请填写收到日期。")
    asked = queries.asked_of(obligation)
    revision = filing.record(report, obligation, asked, by, workdays(), received_on=paper.day)
    receipt = revision.receipt
    edge.commit("record paper report", receipt, obligation=obligation.id)
    _settle(hashes)
    return revision


def _keep(report: Report, paper: Paper) -> Sequence[str]:
    kept = [
        evidence.take(
            scan.read(),
            scan.name,
            folder=folder(),
            unit_id=report.unit_id,
            by=current_user.id,
            at=edge.by().at,
        )
        for scan in paper.scans
    ]
    evidence.back(report, kept)
    return [item.sha256 for item in kept]


def _settle(hashes: Sequence[str]) -> None:
    for digest in hashes:
        storage.settle(folder(), digest)
