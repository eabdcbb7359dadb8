"""What an accepted report means for its task: milestones, what was done of them, and 已落地."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select

from tracker.db import db
from tracker.reports.bodies import Body
from tracker.reports.models import Milestone, Report, Review, Revision
from tracker.reports.states import LANDED
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import PLAN

Row = dict[str, object]


@dataclass(frozen=True)
class Accepted:
    """An obligation that was met, and what the accepted revision says."""

    obligation: Obligation
    body: Body


def take_over(accepted: Sequence[Accepted], day: date) -> None:
    """For many reports in as many statements as for one."""
    steps = _milestones({one.obligation.task_id for one in accepted})
    reports = [one for one in accepted if one.obligation.kind != PLAN]
    if reports:
        moving.mark_landed(_landed({one.obligation.task_id for one in reports}), on=day)
    new: list[Row] = []
    for one in accepted:
        task_steps = steps.get(one.obligation.task_id, [])
        if one.obligation.kind == PLAN:
            new += _keep(one, task_steps)
        else:
            _tick(one.body, task_steps, day)
    db.session.flush()
    if new:
        db.session.execute(insert(Milestone), new)


def _milestones(task_ids: set[int]) -> dict[int, list[Milestone]]:
    found: dict[int, list[Milestone]] = {}
    query = select(Milestone).where(Milestone.task_id.in_(task_ids)).order_by(Milestone.position)
    for milestone in db.session.scalars(query):
        found.setdefault(milestone.task_id, []).append(milestone)
    return found


def _landed(task_ids: set[int]) -> Mapping[Task, bool]:
    """As the latest period's accepted report says: one on an earlier period changes nothing."""
    latest_first = (Obligation.opens_on.desc(), Obligation.id.desc(), Revision.number.desc())
    place = func.row_number().over(partition_by=Obligation.task_id, order_by=latest_first)
    accepted = (
        select(Obligation.task_id, Revision.stage, place.label("place"))
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(Obligation.task_id.in_(task_ids), Obligation.kind != PLAN, Review.is_accepted)
        .subquery()
    )
    query = (
        select(Task, accepted.c.stage)
        .join(accepted, accepted.c.task_id == Task.id)
        .where(accepted.c.place == 1)
        .order_by(Task.id)
    )
    return {row.Task: row.stage == LANDED for row in db.session.execute(query)}


def _keep(one: Accepted, steps: Sequence[Milestone]) -> list[Row]:
    """A corrected plan keeps the steps it still names, with their ticks; those that are new."""
    before = {milestone.what: milestone for milestone in steps}
    new = []
    for position, step in enumerate(one.body.milestones, start=1):
        milestone, day = before.pop(step.what, None), date.fromisoformat(step.by_day)
        if milestone:
            milestone.position, milestone.who, milestone.by_day = position, step.who, day
        else:
            row = {"task_id": one.obligation.task_id, "what": step.what, "by_day": day}
            new.append({**row, "position": position, "who": step.who})
    for gone in before.values():
        db.session.delete(gone)
    return new


def _tick(body: Body, steps: Sequence[Milestone], day: date) -> None:
    for step in steps:
        if step.id in body.done and step.done_on is None:
            step.done_on = day
