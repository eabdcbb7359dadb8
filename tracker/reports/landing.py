"""What an accepted report means for its task: milestones, what was done of them, and 已落地."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from tracker.db import db
from tracker.reports.bodies import Body
from tracker.reports.models import Milestone
from tracker.reports.standing import stages_of
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

    @property
    def task_id(self) -> int:
        return self.obligation.task_id or 0


def take_over(accepted: Sequence[Accepted], day: date) -> None:
    """For many reports in as many statements as for one; a call's answer changes no task."""
    accepted = [one for one in accepted if one.task_id]
    steps = _milestones({one.task_id for one in accepted})
    reports = [one for one in accepted if one.obligation.kind != PLAN]
    if reports:
        _mark(reports, day)
    new: list[Row] = []
    for one in accepted:
        task_steps = steps.get(one.task_id, [])
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


def _mark(reports: Sequence[Accepted], day: date) -> None:
    """Of a task that was taken up again only a new report says that it has landed."""
    task_ids = {one.task_id for one in reports}
    say_so = {one.task_id for one in reports if one.body.stage == LANDED}
    stages = stages_of(task_ids)
    tasks = db.session.scalars(select(Task).where(Task.id.in_(task_ids)).order_by(Task.id))
    landed = {
        task: stages.get(task.id) == LANDED and (task.is_landed or task.id in say_so)
        for task in tasks
    }
    moving.mark_landed(landed, on=day)


def _keep(one: Accepted, steps: Sequence[Milestone]) -> list[Row]:
    """A corrected plan keeps the steps it still names, with their ticks; those that are new."""
    before = {milestone.what: milestone for milestone in steps}
    new = []
    for position, step in enumerate(one.body.milestones, start=1):
        milestone, day = before.pop(step.what, None), date.fromisoformat(step.by_day)
        if milestone:
            milestone.position, milestone.who, milestone.by_day = position, step.who, day
        else:
            row = {"task_id": one.task_id, "what": step.what, "by_day": day}
            new.append({**row, "position": position, "who": step.who})
    for gone in before.values():
        db.session.delete(gone)
    return new


def _tick(body: Body, steps: Sequence[Milestone], day: date) -> None:
    for step in steps:
        if step.id in body.done and step.done_on is None:
            step.done_on = day
