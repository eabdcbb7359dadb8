"""What the script saves while somebody types. Without it the button does the same."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from tracker.clock import SHANGHAI, now
from tracker.reports import writing
from tracker.reports.bodies import Body
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.filing import comparing, records
from tracker.web.filing.reports import ONE, ROOM
from tracker.web.filing.saving import saved
from tracker.web.filing.typed import body_of, form_of, version_in
from tracker.web.limits import takes

UNREADABLE = "没有读懂这次保存的内容，请用“保存草稿”按钮保存。"

pages = Blueprint("autosave", __name__)


@pages.post(f"{ONE}/draft")
@access("file reports")
@takes(content=ROOM, text=ROOM)
def save(obligation_id: int) -> ResponseReturnValue:
    owed = records.to_write(obligation_id)
    form = form_of(request.get_json(silent=True))
    if form is None:
        return jsonify(sentence=UNREADABLE), 422
    report = writing.of_obligation(owed.id)
    before = (report.version if report else 0, Body.of(report.body) if report else Body())
    typed = body_of(form)
    if before == (version_in(form), typed):
        return jsonify(version=before[0], at=_time())
    try:
        version = saved(owed, typed, version_in(form)).version
    except writing.Conflict as conflict:
        return _conflict(obligation_id, conflict)
    except Forbidden as sentence:
        return jsonify(sentence=str(sentence)), 409
    edge.commit("save draft", f"obligation {obligation_id}")
    return jsonify(version=version, at=_time())


def _time() -> str:
    return f"{now().astimezone(SHANGHAI):%H:%M}"


def _conflict(obligation_id: int, conflict: writing.Conflict) -> ResponseReturnValue:
    """Both texts, for the page to show; the button leads to where one chooses."""
    different = [
        {"label": found.label, "mine": found.mine, "theirs": found.theirs}
        for found in comparing.differences(conflict.typed, conflict.kept)
    ]
    address = url_for("reports.write", obligation_id=obligation_id)
    return jsonify(sentence=str(conflict), differences=different, address=address), 409
