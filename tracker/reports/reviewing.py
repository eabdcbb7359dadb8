"""审核: the office accepts a revision, or returns it with reasons and a day to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.registry.models import Person, Unit
from tracker.reports import states
from tracker.reports.bodies import SECTIONS, Body
from tracker.reports.filing import move
from tracker.reports.models import Milestone, Report, ReportMove, Review, Revision
from tracker.reports.states import LANDED, Forbidden
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import PLAN

DECIDED = "这份报告刚由其他审核人处理，请刷新页面查看结果。"
LONGEST_REASON = 1_000


def begin(report: Report, by: By) -> None:
    """Reading begins: from now on the unit cannot take the report back."""
    if report.state == states.FILED and report.reviewer_id is None:
        report.reviewer_id = by.person_id
        db.session.flush()


def accept(report: Report, obligation: Obligation, by: By) -> None:
    revision = _reviewable(report, by)
    _decide(revision, report, by, is_accepted=True)
    move(report, states.ACCEPT, by)
    moving.accept(obligation, by)
    body = Body.of(revision.body)
    task = db.session.get_one(Task, obligation.task_id)
    moving.mark_landed(task, is_landed=body.stage == LANDED)
    if obligation.kind == PLAN:
        _keep_milestones(task, body)
    else:
        _tick(task, body, by.day)


def send_back(
    report: Report,
    obligation: Obligation,
    by: By,
    *,
    reasons: Mapping[str, str],
    correct_by: date,
) -> None:
    revision = _reviewable(report, by)
    given = {
        s: text.strip() for s, text in reasons.items() if s in SECTIONS and text.strip()
    }
    if not given:
        raise Forbidden("退回须写明理由，请至少在一个栏目写明需要补正的内容。")
    if any(len(text) > LONGEST_REASON for text in given.values()):
        raise Forbidden(f"每个栏目的退回理由最多{LONGEST_REASON}字。")
    if correct_by <= by.day:
        raise Forbidden("补正期限须晚于今天。")
    if correct_by > by.day + timedelta(days=366):
        raise Forbidden("补正期限不能超过一年。")
    _decide(
        revision, report, by, is_accepted=False, reasons=given, correct_by=correct_by
    )
    note = "；".join(f"{SECTIONS[section]}：{text}" for section, text in given.items())
    move(report, states.RETURN, by, note[:LONGEST_REASON])
    moving.send_back(obligation, by, correct_by=correct_by, note=note[:LONGEST_REASON])


def _reviewable(report: Report, by: By) -> Revision:
    """The revision that waits; never by who filed, signed or recorded any part of it."""
    if report.state != states.FILED:
        raise Forbidden(DECIDED)
    hands = select(ReportMove.person_id).where(
        ReportMove.report_id == report.id,
        ReportMove.event.in_((states.SUBMIT, states.SIGN, states.RECORD)),
    )
    if by.person_id in set(db.session.scalars(hands)):
        raise Forbidden("报告由本人填报、审签或代录，须由其他审核人审核。")
    latest = select(Revision).where(
        Revision.report_id == report.id, Revision.number == report.revision
    )
    return db.session.scalars(latest).one()


def _decide(
    revision: Revision,
    report: Report,
    by: By,
    *,
    is_accepted: bool,
    reasons: Mapping[str, str] | None = None,
    correct_by: date | None = None,
) -> None:
    """One decision for each revision: the second of two reviewers is told, not obeyed."""
    review = Review(
        revision_id=revision.id,
        reviewer_id=by.person_id,
        decided_at=by.at,
        is_accepted=is_accepted,
        reasons=dict(reasons or {}),
        correct_by=correct_by,
        is_own_unit=_is_own_unit(revision, by),
    )
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError as error:
        raise Forbidden(DECIDED) from error
    report.review_by = None


def _is_own_unit(revision: Revision, by: By) -> bool:
    """An office may review its own department's report; it is marked as such."""
    office = (
        select(Unit.id, Unit.parent_id)
        .join(Person, Person.unit_id == Unit.id)
        .where(Person.id == by.person_id)
    )
    row = db.session.execute(office).one()
    return revision.unit_id in (row.id, row.parent_id)


def _keep_milestones(task: Task, body: Body) -> None:
    db.session.execute(delete(Milestone).where(Milestone.task_id == task.id))
    rows = [
        {
            "task_id": task.id,
            "position": position,
            "what": step.what,
            "who": step.who,
            "by_day": date.fromisoformat(step.by_day),
        }
        for position, step in enumerate(body.milestones, start=1)
    ]
    if rows:
        db.session.execute(insert(Milestone), rows)


def _tick(task: Task, body: Body, day: date) -> None:
    if body.done:
        db.session.execute(
            update(Milestone)
            .where(
                Milestone.task_id == task.id,
                Milestone.id.in_(body.done),
                Milestone.done_on.is_(None),
            )
            .values(done_on=day)
        )
