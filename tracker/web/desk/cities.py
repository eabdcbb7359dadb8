"""地市: the 21, and one city with what applies to it and what does not."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from tracker.notices import queries as notices
from tracker.registry import queries
from tracker.tasks import queries as tasks
from tracker.web.access import access

pages = Blueprint("cities", __name__)


@pages.get("/cities")
@access("read measures")
def index() -> ResponseReturnValue:
    return render_template(
        "desk/cities.html", cities=queries.cities(), counts=tasks.counts_by_city()
    )


@pages.get("/cities/<code>")
@access("read measures")
def city(code: str) -> ResponseReturnValue:
    found = queries.city_with_code(code) or abort(404)
    local = tasks.of_city(found.id)
    groups = {key: list(own) for key, own in groupby(local, lambda row: row.short_title)}
    return render_template(
        "desk/city.html",
        city=found,
        units=queries.units_of_city(found.id),
        groups=groups,
        number=len(local),
        named=notices.named_units([row.measure_id for row in local]),
        done=notices.done_in(found.id),
        left_out=notices.left_out(found.id),
    )
