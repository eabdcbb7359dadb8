"""The pages of one report: form, text, and two texts side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import render_template
from flask_login import current_user

from tracker import permissions
from tracker.clock import today
from tracker.reports import collected, desk, evidence, queries, writing
from tracker.reports.bodies import LONGEST_TEXT, Body, Mistake
from tracker.reports.models import Report, Revision
from tracker.reports.states import ACCEPTED, FILED, SENT_BACK, SIGNING, STAGES
from tracker.tasks.models import Obligation
from tracker.tasks.states import CALL, DUE, PLAN, RETURNED
from tracker.web.days import lights
from tracker.web.filing import comparing
from tracker.web.filing.forms import NoteForm
from tracker.web.filing.records import is_filer, is_inside, record_of

# For each field: how it is asked for. The order is the order of the form.
WITHOUT_STAGE = frozenset({PLAN, CALL})
FIELDS: Mapping[str, tuple[str, str]] = {
    "progress": ("required", "写明本期做了什么、进展到哪一步，不少于10个字。"),
    "results": ("", "尽量用数字说明，例如办理时限、惠及企业数。"),
    "publicity": ("", "开展的宣传、政策解读和培训。"),
    "problems": ("", ""),
    "difficulties": ("", "需要统筹单位协调解决的事项。"),
    "next_steps": ("", ""),
}


def form(
    owed: Obligation,
    report: Report | None,
    *,
    mistakes: Sequence[Mistake] = (),
    file_errors: Sequence[str] = (),
    typed: Body | None = None,
    refusal: str = "",
    asking: str = "",
) -> str:
    body = typed or (Body.of(report.body) if report else Body())
    return render_template(
        "filing/form.html",
        body=body,
        asked=queries.asked_of(owed),
        before=queries.body_before(owed),
        milestones=queries.milestones(owed.task_id),
        earlier=desk.earlier_evidence(owed.unit_id, report.id if report else 0),
        wrong=_by_field(mistakes),
        mistakes=mistakes,
        file_errors=file_errors,
        refusal=refusal,
        fields=FIELDS,
        longest=LONGEST_TEXT,
        stages=STAGES,
        asking=asking,
        **_shared(owed, report),
    )


def _by_field(mistakes: Sequence[Mistake]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mistake in mistakes:
        found.setdefault(mistake.field, []).append(mistake.message)
    return found


def _shared(owed: Obligation, report: Report | None) -> dict[str, Any]:
    return {
        "owed": owed,
        "measure": owed.measure,
        "report": report,
        "is_plan": owed.kind in WITHOUT_STAGE,
        "files": evidence.of_report(report.id) if report else [],
        "returned": _returned(report),
        "light": lights(),
        "helped": collected.of_report(owed.id) if is_inside(owed) else [],
        "tomorrow": today() + timedelta(days=1),
        "may_ask": owed.status in (DUE, RETURNED) and is_filer() and is_inside(owed),
    }


def _returned(report: Report | None) -> Any:
    """Why it came back: from the office by section, or from the unit's own signer."""
    if report is None:
        return None
    if report.state == SENT_BACK:
        return {"remark": report.remark} if report.remark else None
    reviews = queries.reviews(report.id)
    latest = desk.latest_revision(report.id)
    review = reviews.get(latest.id) if latest else None
    return None if review is None or review.is_accepted else {"review": review}


def text(
    owed: Obligation,
    report: Report | None,
    *,
    refusal: str = "",
    note: NoteForm | None = None,
    asking: str = "",
) -> str:
    """As it is being written for the unit's own people, as it was filed for everybody else."""
    inside, record = is_inside(owed), record_of(owed)
    revision = _revision(owed, report)
    body = Body.of(report.body) if report and inside else _filed(revision)
    shared = _shared(owed, report)
    if not inside:
        shared |= {"files": evidence.of_revision(revision.id) if revision else [], "returned": None}
    actor = current_user.actor
    return render_template(
        "filing/report.html",
        body=body,
        inside=inside,
        revision=revision,
        revisions=queries.revisions(report.id) if report and inside else [],
        milestones=queries.milestones(owed.task_id),
        is_signing=bool(report and report.state == SIGNING),
        is_filed=bool(report and report.state == FILED and report.reviewer_id is None),
        is_accepted=bool(report and report.state == ACCEPTED),
        may_write=permissions.may_write_report(actor, record),
        may_sign=permissions.may_sign_report(actor, record),
        refusal=refusal,
        note=note or NoteForm(formdata=None),
        asking=asking,
        stages=STAGES,
        **shared,
    )


def _revision(owed: Obligation, report: Report | None) -> Revision | None:
    """The office reads the last one that was filed, a lead only what was accepted."""
    if report is None:
        return None
    actor, record = current_user.actor, record_of(owed)
    if is_inside(owed) or permissions.is_office_of(actor, record):
        return desk.latest_revision(report.id)
    return desk.accepted_revision(report.id)


def _filed(revision: Revision | None) -> Body | None:
    return Body.of(revision.body) if revision else None


def conflict(owed: Obligation, found: writing.Conflict) -> tuple[str, int]:
    report = queries.report(found.report.id)
    page = render_template(
        "filing/conflict.html",
        owed=owed,
        measure=owed.measure,
        report=report,
        differences=list(comparing.differences(found.typed, found.kept)),
        typed=found.typed,
        sentence=str(found),
    )
    return page, 409


def refused(owed: Obligation, sentence: str, typed: Body | None = None) -> tuple[str, int]:
    """What cannot be saved any more is still shown, so that it can be copied."""
    report = writing.of_obligation(owed.id)
    page = render_template(
        "filing/refused.html",
        sentence=sentence,
        typed=typed,
        **_shared(owed, report),
        stages=STAGES,
    )
    return page, 409
