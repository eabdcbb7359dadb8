"""通知: the list, and one notice with its duties and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from tracker.notices import queries
from tracker.notices.models import Notice
from tracker.tasks import queries as tasks
from tracker.web.access import access

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
    )
