"""地市: the 21, and one city: what applies to it and why, what it owes, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.notices import queries as notices
from tracker.papers import checklist as papers
from tracker.registry import queries
from tracker.registry.models import City
from tracker.supervision import cities
from tracker.tasks import queries as tasks
from tracker.tasks.states import LOCAL
from tracker.web import downloads
from tracker.web.access import access
from tracker.web.desk.applying import Applies, applying, overdue_of
from tracker.web.desk.looking import sight
from tracker.web.words import counted_notices

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
    units, of = queries.units_of_city(found.id), sight(role=LOCAL)
    tabs = tasks.counts_in_city(found.id)
    slug = request.args.get("notice", "")
    chosen = next((tab for tab in tabs if tab.slug == slug), tabs[0] if tabs else None)
    is_seen = _may_compare(units)
    return render_template(
        "desk/city.html",
        city=found,
        units=units,
        owes=current_user.unit_id in {unit.id for unit in units},
        tabs=tabs,
        chosen=chosen,
        rows=applying(found.id, of, chosen.id, own=is_seen) if chosen else [],
        owed=cities.owed(found.id, of) if is_seen else [],
        beside=cities.beside(found.id, of) if is_seen else [],
        is_seen=is_seen,
        sight=of,
        supervises=current_user.may("see supervision"),
        done=notices.done_in(found.id),
        left_out=notices.left_out(found.id),
    )


@pages.get("/cities/<code>/checklist")
@access("read measures")
def checklist(code: str) -> ResponseReturnValue:
    return render_template("desk/checklist.html", **_checklist(code, leads_stand=False))


@pages.get("/cities/<code>/checklist.xlsx")
@access("read measures")
def checklist_workbook(code: str) -> ResponseReturnValue:
    told = _checklist(code, leads_stand=True)
    data = papers.workbook(
        told["city"].name,
        today(),
        said=told["said"],
        rows=told["rows"],
        done=told["done"],
        left_out=told["left_out"],
    )
    return downloads.workbook(data, f"{told['city'].name}对照检查清单{today().isoformat()}.xlsx")


def _checklist(code: str, *, leads_stand: bool) -> dict[str, Any]:
    """All of it, notice by notice."""
    found: City = queries.city_with_code(code) or abort(404)
    of = sight(role=LOCAL)
    own = _may_compare(queries.units_of_city(found.id))
    rows = applying(found.id, of, own=own, leads_stand=leads_stand)
    return {
        "city": found,
        "rows": rows,
        "groups": {key: list(own) for key, own in groupby(rows, lambda row: row.short_title)},
        "said": _said(rows),
        "sight": of,
        "done": notices.done_in(found.id),
        "left_out": notices.left_out(found.id),
    }


def _said(rows: Sequence[Applies]) -> str:
    """What the head of a checklist counts, on paper as in Excel."""
    overdue, whose = overdue_of(rows), counted_notices(current_user.office)
    told = "" if overdue is None else f"，逾期{overdue}项（{whose}）"
    return f"共{len(rows)}项{told}"


def _may_compare(units: Sequence[Any]) -> bool:
    """A city sees itself and the median; offices and leaders see every city."""
    own = current_user.unit_id in {unit.id for unit in units}
    return own or current_user.may("see supervision")
