"""佐证材料 of a report: uploaded, picked from earlier ones, removed, downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from tracker import permissions, storage
from tracker.coordinating import cases
from tracker.coordinating.experience import COMPILED, FILED
from tracker.permissions import Record
from tracker.reports import desk, evidence, writing
from tracker.reports.evidence import LARGEST, MOST_FILES, Rejected
from tracker.reports.models import Evidence, Report
from tracker.tasks.models import Obligation
from tracker.tasks.states import ACCEPTED, Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing import records, showing
from tracker.web.filing.reports import ONE, ROOM
from tracker.web.filing.saving import saved
from tracker.web.filing.typed import body_of, version_in
from tracker.web.limits import takes
from tracker.web.paging import number_in

AT_ONCE = 4 * LARGEST
TOO_LARGE = "一次上传的文件合计不能超过200 MB，单个文件不能超过50 MB，请分次上传。"
TOO_MANY = f"一次最多选择{MOST_FILES}个文件，本次没有上传，请分次选择。"
# A download opens nowhere: it can neither run nor load anything.
SANDBOX = "default-src 'none'; sandbox"

pages = Blueprint("evidence", __name__)


def folder() -> Path:
    kept: Path = current_app.config["TRACKER"].evidence
    return kept


@pages.post(f"{ONE}/evidence")
@access("file reports")
@takes(content=AT_ONCE, text=ROOM)
def upload(obligation_id: int) -> ResponseReturnValue:
    """With the text as it stands in the form, so that nothing typed is lost without a script."""
    owed = records.to_write(obligation_id)
    try:
        report = _report(owed)
        said = [] if request.form.get("action") == "pick" else _taken(report, _files())
        _pick(report)
    except writing.Conflict as conflict:
        return showing.conflict(owed, conflict)
    except (Forbidden, Rejected) as sentence:
        return _refused(owed, str(sentence))
    edge.commit("attach evidence", f"obligation {obligation_id}", refused=len(said))
    _settle(report)
    return _answer(obligation_id, said)


def _report(owed: Obligation) -> Report:
    """The draft is saved along, unless only files came."""
    if "version" in request.form:
        return saved(owed, body_of(request.form), version_in(request.form))
    by = edge.by()
    return writing.begin(owed, by=current_user.id, at=by.at)


def _files() -> list[FileStorage]:
    chosen = [file for file in request.files.getlist("files") if file.filename]
    if len(chosen) > MOST_FILES:
        raise Rejected(TOO_MANY)
    if not chosen:
        raise Rejected("请先选择文件，再点上传。")
    return chosen


def _taken(report: Report, files: Sequence[FileStorage]) -> list[str]:
    """What can be taken is taken; a sentence for each file that cannot."""
    said, at = [], edge.by().at
    for file in files:
        data = file.stream.read(LARGEST + 1)
        try:
            item = evidence.take(
                data,
                file.filename or "",
                folder=folder(),
                unit_id=report.unit_id,
                by=current_user.id,
                at=at,
            )
            evidence.back(report, [item])
        except Rejected as sentence:
            said.append(str(sentence))
    return said


def _pick(report: Report) -> None:
    ids = {number_in(text) for text in request.form.getlist("earlier")}
    chosen = desk.evidence_with_ids({number for number in ids if number is not None})
    if len(chosen) != len(ids) or any(item.unit_id != report.unit_id for item in chosen):
        raise Rejected("所选的佐证材料不存在，请刷新页面后重选。")
    evidence.back(report, chosen)


def _settle(report: Report) -> None:
    for item in evidence.of_report(report.id):
        storage.settle(folder(), item.sha256)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _answer(obligation_id: int, said: Sequence[str]) -> ResponseReturnValue:
    report = writing.of_obligation(obligation_id)
    if _wants_json():
        return jsonify(said=said, version=report.version if report else 0)
    if said:
        owed = records.to_write(obligation_id)
        return showing.form(owed, report, file_errors=said), 422
    flash("佐证材料已更新，草稿已保存。")
    return redirect(url_for("reports.show", obligation_id=obligation_id, _anchor="evidence"))


def _refused(owed: Obligation, sentence: str) -> ResponseReturnValue:
    """Nothing was written; what was typed stays in the form."""
    if _wants_json():
        return jsonify(said=[sentence], version=version_in(request.form)), 422
    typed = body_of(request.form) if "version" in request.form else None
    report = writing.of_obligation(owed.id)
    return showing.form(owed, report, file_errors=[sentence], typed=typed), 422


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(said=[TOO_LARGE], version=0), 413
    back = url_for("reports.show", **(request.view_args or {}))
    title = "文件过大"
    page = render_template("errors/error.html", title=title, sentence=TOO_LARGE, back=back)
    return page, 413


@pages.get(f"{ONE}/evidence")
@access("file reports")
def listed(obligation_id: int) -> ResponseReturnValue:
    """The list alone, for the script to put in its place."""
    owed = records.to_write(obligation_id)
    report = writing.of_obligation(owed.id)
    files = evidence.of_report(report.id) if report else []
    return render_template("filing/evidence.html", owed=owed, files=files)


@pages.post(f"{ONE}/evidence/<int(max=2147483647):evidence_id>/drop")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def drop(obligation_id: int, evidence_id: int) -> ResponseReturnValue:
    owed = records.to_write(obligation_id)
    try:
        report = _report(owed)
        evidence.drop(report, evidence_id)
    except writing.Conflict as conflict:
        return showing.conflict(owed, conflict)
    except (Forbidden, Rejected) as sentence:
        return _refused(owed, str(sentence))
    edge.commit("drop evidence", f"obligation {obligation_id}", evidence=evidence_id)
    flash("已移除，文件仍保留在本单位材料中，可再次选用。")
    return redirect(url_for("reports.show", obligation_id=obligation_id, _anchor="evidence"))


@pages.get("/evidence/<int(max=2147483647):evidence_id>")
@access("see reports")
def download(evidence_id: int) -> ResponseReturnValue:
    found = desk.evidence(evidence_id)
    if found is None or not _may_see(found):
        abort(404)
    return sent(found)


def sent(found: Evidence) -> Response:
    """The file under its name, opened nowhere."""
    try:
        data = storage.fetch(folder(), found.sha256)
    except FileNotFoundError:
        abort(404)
    response = Response(data, mimetype=found.media_type)
    name = quote(found.name, safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _opens(row: Any) -> bool:
    """A case that was compiled is open to everybody, one that was filed to its office."""
    record = Record(unit_id=row.unit_id, office_id=row.office_id)
    is_offices = row.state in FILED and permissions.is_office_of(current_user.actor, record)
    return row.state == COMPILED or is_offices


def _may_see(found: Evidence) -> bool:
    """The unit's own people; and who may see a report that was filed with it."""
    actor = current_user.actor
    own = actor.roles & permissions.UNIT_SIDE and actor.unit_id == found.unit_id
    if own or found.unit_id in actor.signs_for:
        return True
    if any(_opens(row) for row in cases.backed_by(found.id)):
        return True
    rows = desk.filed_with(found.id)
    led = desk.measures_led(actor.unit_id, {row.measure_id for row in rows})
    return any(
        permissions.may_see_report(
            actor,
            Record(
                unit_id=row.unit_id,
                office_id=row.office_id,
                role=row.role,
                is_accepted=row.status == ACCEPTED,
            ),
            leads_measure=row.measure_id in led,
        )
        for row in rows
    )
