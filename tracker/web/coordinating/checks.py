"""督查核查: what the office saw on the spot, on a task or in a city, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.datastructures import FileStorage

from tracker import permissions, storage
from tracker.clock import today
from tracker.coordinating import checking, checks as kept
from tracker.coordinating.checking import Visit
from tracker.db import db
from tracker.permissions import Record
from tracker.registry import queries as registry
from tracker.reports import evidence
from tracker.reports.evidence import LARGEST, MOST_FILES, Rejected
from tracker.reports.models import Evidence
from tracker.tasks import queries as tasks
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating import own
from tracker.web.days import typed
from tracker.web.filing.evidence import AT_ONCE, folder, sent
from tracker.web.limits import takes
from tracker.web.paging import PAGE, asked_after, number_asked, page_of

pages = Blueprint("checks", __name__)


@pages.get("/checks")
@access("see checks")
def index() -> ResponseReturnValue:
    actor, before = current_user.actor, asked_after()
    office_id = permissions.office_seen_by(actor)
    unit_id = actor.unit_id if actor.roles & permissions.UNIT_SIDE else None
    rows = kept.page(office_id=office_id, unit_id=unit_id, before=before, limit=PAGE + 1)
    records = current_user.may("record checks")
    return render_template("coordinating/checks.html", page=page_of(rows, before), records=records)


@pages.get("/checks/new")
@access("record checks")
def new() -> ResponseReturnValue:
    return _form(number_asked("task"), request.args.get("city", ""))


@pages.post("/checks/new")
@access("record checks")
@takes(content=AT_ONCE, text=1024 * 1024)
def add() -> ResponseReturnValue:
    task_id, code = own.number_in("task"), request.form.get("city", "")
    city = registry.city_with_code(code) if code else None
    _check_task(task_id)
    by, files = edge.by(), list[Evidence]()
    try:
        visit = _visit()
        files = _taken()
        check = checking.record(
            current_user.unit_id,
            visit,
            by,
            task_id=task_id,
            city_id=city.id if city else None,
            files=files,
        )
    except (Forbidden, Rejected) as sentence:
        db.session.rollback()
        return _form(task_id, code, wrong=str(sentence))
    number, digests = check.id, [file.sha256 for file in files]
    edge.commit("record check", str(number), task=task_id, city=code)
    for digest in digests:
        storage.settle(folder(), digest)
    flash("核查情况已记录。")
    return redirect(url_for("checks.show", check_id=number))


def _check_task(task_id: int | None) -> None:
    """A task of the office's own notices; any other is not found."""
    if task_id is None:
        return
    task = tasks.one(task_id)
    if task is None or task.office_id != current_user.unit_id:
        abort(404)


def _visit() -> Visit:
    form = request.form
    return Visit(
        made_on=typed(form.get("made_on", "")),
        made_by=form.get("made_by", ""),
        seen=form.get("seen", ""),
        is_fine={"1": True, "0": False}.get(form.get("is_fine", "")),
    )


def _taken() -> list[Evidence]:
    """All of them or none: a record stands with what backs it."""
    chosen: list[FileStorage] = [one for one in request.files.getlist("files") if one.filename]
    if len(chosen) > MOST_FILES:
        raise Rejected(f"一次最多上传{MOST_FILES}个文件。")
    return [
        evidence.take(
            file.stream.read(LARGEST + 1),
            file.filename or "",
            folder=folder(),
            unit_id=current_user.unit_id,
            by=current_user.id,
            at=edge.by().at,
        )
        for file in chosen
    ]


def _form(task_id: int | None, code: str, *, wrong: str = "") -> ResponseReturnValue:
    _check_task(task_id)
    page = render_template(
        "coordinating/check_form.html",
        task=tasks.one(task_id) if task_id else None,
        cities=registry.cities(),
        city=code,
        typed=request.form,
        wrong=wrong,
        today=today(),
    )
    return page, 422 if wrong else 200


@pages.get("/checks/<int(max=2147483647):check_id>")
@access("see checks")
def show(check_id: int) -> ResponseReturnValue:
    row, files = _seen(check_id), kept.files_of(check_id)
    return render_template("coordinating/check.html", row=row, files=files)


def _seen(check_id: int) -> Row[Any]:
    """The office, its leaders, and the unit or city that was looked at."""
    row = kept.one(check_id) or abort(404)
    actor, office_id = current_user.actor, row.office_id
    looked_at: Sequence[int | None] = (row.task_unit_id, row.city_unit_id)
    if actor.roles & permissions.UNIT_SIDE and actor.unit_id in looked_at:
        return row
    if not permissions.is_office_of(actor, Record(unit_id=actor.unit_id, office_id=office_id)):
        abort(404)
    return row


@pages.get("/checks/<int(max=2147483647):check_id>/files/<int(max=2147483647):evidence_id>")
@access("see checks")
def download(check_id: int, evidence_id: int) -> ResponseReturnValue:
    _seen(check_id)
    found = next((one for one in kept.files_of(check_id) if one.id == evidence_id), None)
    return sent(found or abort(404))
