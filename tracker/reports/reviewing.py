"""审核: the office accepts a revision, or returns it with reasons and a day to put it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tracker.days import spelled
from tracker.db import db
from tracker.registry.models import Person, Unit
from tracker.reports import landing, states
from tracker.reports.bodies import SECTIONS, Body, returned_note
from tracker.reports.filing import move, move_all
from tracker.reports.landing import Accepted
from tracker.reports.models import Report, ReportMove, Review, Revision
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said

DECIDED = "这份报告刚由其他审核人处理，请刷新页面查看结果。"
OWN = "报告由本人填报、审签或代录，须由其他审核人审核。"
LONGEST_REASON = 1_000


def begin(report: Report, by: By) -> None:
    """Reading begins: from now on the unit cannot take the report back."""
    if report.state == states.FILED and report.reviewer_id is None:
        report.reviewer_id = by.person_id
        move(report, states.BEGIN, by)


def accept(report: Report, obligation: Obligation, by: By) -> None:
    _, refused = accept_all([(report, obligation)], by)
    if refused:
        raise Forbidden(refused[report.id])


def accept_all(
    pairs: Sequence[tuple[Report, Obligation]], by: By
) -> tuple[list[Report], dict[int, str]]:
    """Many in as many statements as one: those accepted, and why each of the others was not."""
    refused = _refusals([report for report, _ in pairs], by)
    taken = [pair for pair in pairs if pair[0].id not in refused]
    reports = [report for report, _ in taken]
    if taken:
        revisions = _latest(reports)
        own = _own_units(by)
        _decide([_review(revisions[r.id], by, own, is_accepted=True) for r in reports])
        move_all(_decided(reports), states.ACCEPT, by)
        moving.accept_all([obligation for _, obligation in taken], by)
        landing.take_over(
            [Accepted(obligation, Body.of(revisions[r.id].body)) for r, obligation in taken], by.day
        )
    return reports, refused


def send_back(
    report: Report,
    obligation: Obligation,
    by: By,
    *,
    reasons: Mapping[str, str],
    correct_by: date,
) -> None:
    if sentence := _refusals([report], by).get(report.id):
        raise Forbidden(sentence)
    given = {
        section: said(text, what=f"“{SECTIONS[section]}”的退回理由", longest=LONGEST_REASON)
        for section, text in reasons.items()
        if section in SECTIONS and text.strip()
    }
    if not given:
        raise Forbidden("退回须写明理由，请至少在一个栏目写明需要补正的内容。")
    if correct_by <= by.day:
        raise Forbidden("补正期限须晚于今天。")
    if correct_by > by.day + timedelta(days=366):
        raise Forbidden("补正期限不能超过一年。")
    revision = _latest([report])[report.id]
    own = _own_units(by)
    _decide([_review(revision, by, own, is_accepted=False, reasons=given, correct_by=correct_by)])
    counts = max(correct_by, moving.issued(obligation))
    note = returned_note(given, spelled(counts))[:LONGEST_REASON]
    move_all(_decided([report]), states.RETURN, by, note)
    moving.send_back(obligation, by, correct_by=correct_by, note=note)


def _refusals(reports: Sequence[Report], by: By) -> dict[int, str]:
    """Only what waits is reviewed, and never by who filed, signed or recorded any part of it."""
    hands = select(ReportMove.report_id).where(
        ReportMove.report_id.in_([report.id for report in reports]),
        ReportMove.person_id == by.person_id,
        ReportMove.event.in_((states.SUBMIT, states.SIGN, states.RECORD)),
    )
    own = set(db.session.scalars(hands))
    found = {report.id: OWN for report in reports if report.id in own}
    return found | {report.id: DECIDED for report in reports if report.state != states.FILED}


def _latest(reports: Sequence[Report]) -> dict[int, Revision]:
    """The revision of each report that waits."""
    query = (
        select(Revision)
        .join(Report, Revision.report_id == Report.id)
        .where(Report.id.in_([report.id for report in reports]), Revision.number == Report.revision)
    )
    return {revision.report_id: revision for revision in db.session.scalars(query)}


def _review(
    revision: Revision,
    by: By,
    own: frozenset[int],
    *,
    is_accepted: bool,
    reasons: Mapping[str, str] | None = None,
    correct_by: date | None = None,
) -> dict[str, object]:
    return {
        "revision_id": revision.id,
        "reviewer_id": by.person_id,
        "decided_at": by.at,
        "is_accepted": is_accepted,
        "reasons": dict(reasons or {}),
        "correct_by": correct_by,
        "is_own_unit": revision.unit_id in own,
    }


def _decide(reviews: Sequence[dict[str, object]]) -> None:
    """One decision for each revision: the second of two reviewers is told, not obeyed."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Review), reviews)
    except IntegrityError as error:
        raise Forbidden(DECIDED) from error


def _decided(reports: Sequence[Report]) -> Sequence[Report]:
    for report in reports:
        report.review_by = None
    return reports


def _own_units(by: By) -> frozenset[int]:
    """The reviewer's office and its department: it may review their reports, marked as such."""
    office = (
        select(Unit.id, Unit.parent_id)
        .join(Person, Person.unit_id == Unit.id)
        .where(Person.id == by.person_id)
    )
    row = db.session.execute(office).one()
    return frozenset({row.id, row.parent_id})
