"""A request on its way: the office is told of it, and its unit can take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, url_for
from flask_login import current_user

from tracker.coordinating import closing, disputing, extending
from tracker.coordinating.models import Closing, Dispute, Extension
from tracker.coordinating.states import OUTCOMES
from tracker.days import spelled
from tracker.db import db
from tracker.papers.matter_letters import Told
from tracker.registry.queries import workdays
from tracker.tasks.models import Obligation, Task
from tracker.web import edge
from tracker.web.coordinating.telling import Subject, of_owed, of_task, tell_office


def _tell(subject: Subject, matter: str, step: str, *lines: str) -> None:
    told = Told(
        about=f"{matter}:ask",
        waits_for=matter,
        unit=current_user.unit,
        step=step,
        title=subject.title,
        lines=lines,
        link=url_for("matters.index"),
    )
    tell_office(subject.office_id, told, edge.by())


def tell_extension(asked: Extension, owed: Obligation) -> None:
    wished = f"希望由{spelled(asked.asked_from)}延至{spelled(asked.wished_on)}"
    _tell(of_owed(owed), f"extension:{asked.id}", "申请延期", wished, asked.reason)


def tell_dispute(asked: Dispute) -> None:
    _tell(of_task(asked.task_id), f"dispute:{asked.id}", "提出归属异议", asked.reason)


def tell_closing(asked: Closing) -> None:
    how = f"结果：{OUTCOMES[asked.outcome]}"
    _tell(of_task(asked.task_id), f"closing:{asked.id}", "申请销号", how, asked.reason)


def _own(model: Any, request_id: int) -> Any:
    found = db.session.get(model, request_id)
    return found if found and found.unit_id == current_user.unit_id else abort(404)


def _take_back_extension(request_id: int) -> None:
    extending.withdraw(_own(Extension, request_id), edge.by())


def _take_back_dispute(request_id: int) -> None:
    found = _own(Dispute, request_id)
    task = db.session.get_one(Task, found.task_id)
    disputing.withdraw(found, task, edge.by(), workdays=workdays())


def _take_back_closing(request_id: int) -> None:
    closing.withdraw(_own(Closing, request_id), edge.by())


WITHDRAWALS: Mapping[str, Callable[[int], None]] = {
    "extension": _take_back_extension,
    "dispute": _take_back_dispute,
    "closing": _take_back_closing,
}
