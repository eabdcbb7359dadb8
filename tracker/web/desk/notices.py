"""通知: the list, and one notice with its duties and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.notices import queries
from tracker.notices.models import Notice
from tracker.permissions import office_seen_by
from tracker.registry import queries as registry
from tracker.supervision import counting, matrix as matrices
from tracker.tasks import following, queries as tasks, stopping
from tracker.web.access import access
from tracker.web.desk.looking import sight

pages = Blueprint("notices", __name__)


def newest_first(notices: Sequence[Notice]) -> list[Notice]:
    """Those to be acted upon before those on record; without a day, after those that have one."""
    return sorted(
        sorted(notices, key=lambda notice: notice.issued_on or date.min, reverse=True),
        key=lambda notice: notice.is_reference,
    )


@pages.get("/notices")
@access("read measures")
def index() -> ResponseReturnValue:
    return render_template(
        "desk/notices.html",
        notices=newest_first(queries.notices()),
        measures=queries.measure_counts(),
        tasks=tasks.counts_by_notice(),
        waiting_counts=queries.waiting_counts(),
    )


@pages.get("/notices/<slug>")
@access("read measures")
def notice(slug: str) -> ResponseReturnValue:
    found = queries.notice(slug) or abort(404)
    rows = queries.measure_rows(found.id)
    ids = [row.id for row in rows]
    forwarded = found.forwards_id
    return render_template(
        "desk/notice.html",
        notice=found,
        lists=queries.lists(found.id),
        rows={key: list(own) for key, own in groupby(rows, lambda row: row.list_id)},
        named=queries.named_units(ids),
        cities=queries.city_counts(ids),
        duties=queries.duties(found.id),
        remarks=queries.remarks(found.id),
        without_heir=queries.without_heir(forwarded) if forwarded else [],
        counts=tasks.counts_by_notice().get(found.id, {}),
        followings=following.history(found.id),
        may_follow=_may_follow(found),
        may_stop=_may_stop(found),
        **_lights(found),
    )


def _may_follow(found: Notice) -> bool:
    office_id = current_user.unit_id
    return current_user.may("follow notices") and not following.why_not(found, office_id)


def _may_stop(found: Notice) -> bool:
    if not current_user.may("follow notices"):
        return False
    return stopping.standing(found, current_user.unit_id) is not None


def _lights(found: Notice) -> dict[str, Any]:
    """All of it for who supervises the notice, one's own share for everybody else."""
    is_own = _supervises(found)
    of = sight(notice=found.id, unit=None if is_own else current_user.unit_id, office=None)
    return {
        "line": counting.lights(of.asked, of.soon, of.picked),
        "sight": of,
        "is_own": is_own,
    }


def _supervises(found: Notice) -> bool:
    return found.office_id is not None and found.office_id == office_seen_by(current_user.actor)


@pages.get("/notices/<slug>/matrix")
@access("see supervision")
def matrix(slug: str) -> ResponseReturnValue:
    """Measures × cities, for the notice's own office and its leaders."""
    found = queries.notice(slug) or abort(404)
    if not _supervises(found):
        abort(404)
    of = sight(notice=found.id)
    return render_template(
        "desk/matrix.html",
        notice=found,
        rows=queries.measure_rows(found.id),
        cities=registry.cities(),
        matrix=matrices.matrix(found.id, of),
        sight=of,
    )
