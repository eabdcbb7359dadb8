"""Whom a step concerns is told through the outbox, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Row

from tracker.db import db
from tracker.delivery.outbox import post
from tracker.delivery.queries import addressees
from tracker.papers.matter_letters import Told, letter
from tracker.permissions import OFFICE_SIDE, UNIT_SIDE
from tracker.tasks import queries as tasks
from tracker.tasks.models import Call, Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.wording import quoted
from tracker.web import site


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a step is about, whose office it is, and where its unit reads more."""

    title: str
    office_id: int | None
    link: str


def of_task(task_id: int) -> Subject:
    task = tasks.one(task_id)
    if task is None:
        raise LookupError(task_id)
    return Subject(
        title=_title(task),
        office_id=task.office_id,
        link=url_for("task.show", task_id=task_id),
    )


def named(task_ids: Collection[int]) -> dict[int, str]:
    """Each task by its unit and its measure, as an entry of the log names it."""
    query = tasks.listed().where(Task.id.in_(task_ids))
    return {row.id: f"{row.unit}，{_title(row)}" for row in db.session.execute(query)}


def _title(task: Row[Any]) -> str:
    return f"{task.short_title}第{task.no}项{quoted(task.title)}"


def of_owed(owed: Obligation) -> Subject:
    """A task's, or a call's, which has none."""
    if owed.task_id is not None:
        return of_task(owed.task_id)
    call = db.session.get_one(Call, owed.call_id)
    link = url_for("reports.show", obligation_id=owed.id)
    return Subject(title=f"临时调度{quoted(call.title)}", office_id=call.office_id, link=link)


def tell_unit(unit_id: int | None, told: Told, by: By) -> None:
    if unit_id is not None:
        _tell(unit_id, told, by, UNIT_SIDE)


def tell_units(unit_ids: Collection[int], told: Told, by: By) -> None:
    """One letter for many units at once."""
    ways = addressees(sorted(unit_ids), roles=UNIT_SIDE).by_unit
    everyone = [way for unit_id in sorted(unit_ids) for way in ways.get(unit_id, ())]
    about = f"{told.about}:{int(by.at.timestamp() * 1000)}"
    post(letter(told, site=site.in_letters()), to=everyone, day=by.day, about=about, at=by.at)


def tell_office(office_id: int | None, told: Told, by: By) -> None:
    if office_id is not None:
        _tell(office_id, told, by, OFFICE_SIDE)


def _tell(unit_id: int, told: Told, by: By, roles: Collection[str]) -> None:
    """Once for each step; who took it knows already."""
    ways = addressees([unit_id], roles=roles).by_unit[unit_id]
    others = [way for way in ways if way.person_id != by.person_id]
    about = f"{told.about}:{unit_id}:{int(by.at.timestamp() * 1000)}"
    post(letter(told, site=site.in_letters()), to=others, day=by.day, about=about, at=by.at)
