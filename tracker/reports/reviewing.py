"""审核: the office accepts a revision, or returns it with reasons and a day to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db
from tracker.registry.models import Person, Unit
from tracker.reports import states
from tracker.reports.bodies import SECTIONS, Body
from tracker.reports.filing import move
from tracker.reports.models import Milestone, Report, ReportMove, Review, Revision
from tracker.reports.standing import stage_of
from tracker.reports.states import LANDED
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import PLAN, Forbidden
from tracker.tasks.wording import said

DECIDED = "这份报告刚由其他审核人处理，请刷新页面查看结果。"
LONGEST_REASON = 1_000


def begin(report: Report, by: By) -> None:
    """Reading begins: from now on the unit cannot take the report back."""
    if report.state == states.FILED and report.reviewer_id is None:
        report.reviewer_id = by.person_id
        move(report, states.BEGIN, by)


def accept(report: Report, obligation: Obligation, by: By) -> None:
    revision = _reviewable(report, by)
    _decide(revision, report, by, is_accepted=True)
    move(report, states.ACCEPT, by)
    moving.accept(obligation, by)
    if obligation.task_id is None:
        return
    body = Body.of(revision.body)
    task = db.session.get_one(Task, obligation.task_id)
    if obligation.kind == PLAN:
        _keep_milestones(task, body)
    else:
        moving.mark_landed(task, is_landed=stage_of(task.id) == LANDED, on=by.day)
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
    _decide(revision, report, by, is_accepted=False, reasons=given, correct_by=correct_by)
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
    except (IntegrityError, StaleDataError) as error:
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
    """A corrected plan keeps the steps it still names, with their ticks."""
    steps = select(Milestone).where(Milestone.task_id == task.id)
    before = {milestone.what: milestone for milestone in db.session.scalars(steps)}
    for position, step in enumerate(body.milestones, start=1):
        milestone = before.pop(step.what, None) or Milestone(task_id=task.id, what=step.what)
        milestone.position, milestone.who = position, step.who
        milestone.by_day = date.fromisoformat(step.by_day)
        db.session.add(milestone)
    for gone in before.values():
        db.session.delete(gone)
    db.session.flush()


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
