"""One task: what it owes, its milestones, and its whole life as a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row

from tracker.clock import today
from tracker.permissions import Record, may_see_report
from tracker.reports import queries
from tracker.reports.bodies import Body
from tracker.reports.comparing import Section, sections
from tracker.tasks import breakdowns, queries as tasks
from tracker.tasks.states import ACCEPTED
from tracker.web.access import access
from tracker.web.days import lights
from tracker.web.desk import coordinated, urged
from tracker.web.desk.living import Event, Told, timeline

pages = Blueprint("task", __name__)


@pages.get("/tasks/<int(max=2147483647):task_id>")
@access("read measures")
def show(task_id: int) -> ResponseReturnValue:
    task = tasks.one(task_id) or abort(404)
    owed = queries.of_task(task.id)
    readable, inside = _readable(task, owed), _inside(owed)
    follows = _follows(task, owed)
    stages = [row.stage for row in owed if row.stage]
    return render_template(
        "desk/task.html",
        task=task,
        owed=owed,
        texts={row.id: _text(row) for row in owed if row.id in readable and row.body},
        follows=follows,
        milestones=queries.milestones(task.id) if follows else [],
        breakdown=breakdowns.one(task.id) if follows else None,
        timeline=_life(task, Told(owed=owed, readable=readable, inside=inside)) if follows else [],
        stage=stages[0] if stages else "",
        reopened=coordinated.reopened(task.id, owed),
        nearest=min((row.awaited_by for row in owed if row.awaited_by), default=None),
        light=lights(),
        today=today(),
        acts=coordinated.acts(task, inside),
        can_review=current_user.may("review reports") and _is_office(task),
    )


def _life(task: Row[Any], told: Told) -> list[Event]:
    urges = urged.events(task, told, is_office=_is_office(task))
    return timeline(task, told, chain(coordinated.events(task, told), urges))


def _is_office(task: Row[Any]) -> bool:
    return bool(task.office_id == current_user.unit_id)


def _follows(task: Row[Any], owed: Sequence[Row[Any]]) -> bool:
    """Whose task it is, who filed for it once, and the office."""
    units = {task.unit_id, *(row.report_unit_id or row.unit_id for row in owed)}
    return any(current_user.follows(unit_id, task.office_id) for unit_id in units)


def _readable(task: Row[Any], owed: Sequence[Row[Any]]) -> frozenset[int]:
    """The obligations whose report text the visitor may read."""
    actor = current_user.actor
    leads = tasks.is_lead_of(current_user.unit_id, task.measure_id)
    return frozenset(
        row.id
        for row in owed
        if may_see_report(
            actor,
            Record(
                unit_id=row.report_unit_id or row.unit_id,
                office_id=task.office_id,
                role=row.role,
                is_accepted=row.status == ACCEPTED,
            ),
            leads_measure=leads,
        )
    )


def _inside(owed: Sequence[Row[Any]]) -> frozenset[int]:
    """Those of the visitor's own unit: who sees what happened before anything left it."""
    own = current_user.unit_id
    return frozenset(row.id for row in owed if (row.report_unit_id or row.unit_id) == own)


def _text(row: Row[Any]) -> list[Section]:
    return sections(Body.of(row.body))
