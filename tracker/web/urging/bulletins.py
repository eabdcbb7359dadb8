"""通报: drafted as of a day, edited by the office, issued by its chief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now, today
from tracker.db import db
from tracker.permissions import office_seen_by
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force
from tracker.supervision import bulletins, queries, states
from tracker.supervision.drafting import OF
from tracker.supervision.knowing import AsOf, as_made
from tracker.supervision.models import Bulletin, BulletinLine
from tracker.supervision.numbering import numbered
from tracker.supervision.proposing import rungs_of
from tracker.supervision.snapshots import OBLIGATIONS
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.access import access
from tracker.web.paging import numbers_ticked
from tracker.web.supervising.behind import page_behind
from tracker.web.urging.own import bulletin_of_office, bulletin_to_see
from tracker.web.urging.telling import tell_named

MOST_UNITS = 2_000
ONE = "/bulletins/<int(max=2147483647):bulletin_id>"

Wrong = Mapping[str, str]

pages = Blueprint("bulletins", __name__)


@pages.get("/bulletins")
@access("see supervision")
def index() -> ResponseReturnValue:
    """The office's own; a unit finds those that name it beside its urges."""
    office = office_seen_by(current_user.actor) or abort(404)
    state = states.DRAFT if request.args.get("state") == states.DRAFT else ""
    found = queries.bulletins_of_office(office, state=state)
    return render_template("urging/bulletins.html", bulletins=found, state=state, today=today())


@pages.post("/bulletins")
@access("prepare urges")
def draft() -> ResponseReturnValue:
    """As of today; one a day, whoever asks for it."""
    made = bulletins.draft(
        current_user.unit_id,
        AsOf(day=today()),
        at=now(),
        rungs=rungs_of(in_force()),
        workdays=workdays(),
    )
    edge.commit("draft bulletin", made.as_of.isoformat(), bulletin=made.id)
    return redirect(url_for("bulletins.show", bulletin_id=made.id))


@pages.get(ONE)
@access("see urges")
def show(bulletin_id: int) -> ResponseReturnValue:
    return _page(bulletin_to_see(bulletin_id))


def _page(bulletin: Bulletin, *, wrong: Wrong | None = None) -> ResponseReturnValue:
    of_office = bulletin.office_id == current_user.unit_id
    lines = queries.bulletin_lines(bulletin.id)
    page = render_template(
        "urging/bulletin.html",
        bulletin=bulletin,
        lines=lines,
        returned=bulletins.returned(bulletin),
        units=_by_unit(lines),
        counted=bulletins.ids_of(bulletin),
        words=bulletins.COUNTED,
        edits=of_office and bulletin.state == states.DRAFT and current_user.may("prepare urges"),
        issues=of_office and bulletin.state == states.DRAFT and current_user.may("confirm urges"),
        typed=request.form,
        wrong=wrong or {},
    )
    return page, 422 if wrong else 200


@pages.get(f"{ONE}/counted/<which>")
@access("see urges")
def counted(bulletin_id: int, which: str) -> ResponseReturnValue:
    """What one of the counted numbers counts, as it stood when the bulletin was drafted."""
    bulletin = bulletin_to_see(bulletin_id)
    ids = bulletins.ids_of(bulletin).get(which)
    if not ids:
        abort(404)
    of = OF.get(which, OBLIGATIONS)
    return render_template(
        "urging/counted.html",
        bulletin=bulletin,
        which=which,
        words=bulletins.COUNTED,
        of=of,
        rows=page_behind(ids, of, as_made(bulletin.as_of, bulletin.drafted_at)),
        total=len(ids),
    )


def _by_unit(lines: Any) -> list[dict[str, Any]]:
    """Each unit once: how much is late, how long, how often urged, and whether it is named."""
    found: dict[int, list[BulletinLine]] = {}
    for line in lines:
        found.setdefault(line.unit_id, []).append(line)
    told = [
        {
            "unit_id": unit_id,
            "unit": own[0].unit_name,
            "late": len(own),
            "longest": max(line.workdays_late for line in own),
            "urges": max(line.urges for line in own),
            "is_named": any(line.is_named for line in own),
        }
        for unit_id, own in found.items()
    ]
    return sorted(told, key=lambda unit: (-unit["longest"], -unit["late"], unit["unit_id"]))


@pages.post(f"{ONE}/edit")
@access("prepare urges")
def edit(bulletin_id: int) -> ResponseReturnValue:
    return _act(bulletin_id, "edit bulletin", _edit, done="已保存修改。", field="text")


@pages.post(f"{ONE}/publish")
@access("confirm urges")
def publish(bulletin_id: int) -> ResponseReturnValue:
    """As the form stands: what was typed is kept first."""

    def act(bulletin: Bulletin) -> None:
        _edit(bulletin)
        bulletins.publish(bulletin, edge.by())
        tell_named(bulletin, edge.by())

    return _act(bulletin_id, "publish bulletin", act, done="通报已印发。", field="text")


@pages.post(f"{ONE}/drop")
@access("confirm urges")
def drop(bulletin_id: int) -> ResponseReturnValue:
    def act(bulletin: Bulletin) -> None:
        bulletins.drop(bulletin, note=request.form.get("note", ""))

    return _act(bulletin_id, "drop bulletin", act, done="已记为不予印发。", field="drop")


def _edit(bulletin: Bulletin) -> None:
    bulletins.edit(
        bulletin,
        title=request.form.get("title", ""),
        opening=request.form.get("opening", ""),
        demands=request.form.get("demands", ""),
        named=numbers_ticked("named", MOST_UNITS),
    )


def _act(
    bulletin_id: int, action: str, act: Callable[[Bulletin], None], *, done: str, field: str
) -> ResponseReturnValue:
    bulletin = bulletin_of_office(bulletin_id)
    try:
        act(bulletin)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(bulletin_of_office(bulletin_id), wrong={field: str(sentence)})
    edge.commit(action, f"{bulletin.title} {numbered(bulletin)}".strip(), bulletin=bulletin.id)
    flash(done)
    return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))
