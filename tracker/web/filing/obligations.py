"""应报事项: what the visitor's unit owes, the nearest day first."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.coordinating import cases, pending
from tracker.difficulties import queries as difficulties
from tracker.registry.models import City
from tracker.registry.queries import unit, workdays
from tracker.registry.settings import in_force
from tracker.reports import collected, desk, queries
from tracker.tasks import queries as tasks
from tracker.tasks.lights import light
from tracker.web.access import access
from tracker.web.filing import keys
from tracker.web.filing.records import is_filer
from tracker.web.paging import PAGE
from tracker.web.urging import received

SHOWN = 12
SHOWN_REQUESTS = 5
OVERDUE, NEAR = "overdue", "near"

pages = Blueprint("obligations", __name__)


@pages.get("/obligations")
@access("see own obligations")
def index() -> ResponseReturnValue:
    after, told, which = keys.asked_after(), numbers(), request.args.get("which", "")
    first, last = _days(told["soon"]).get(which, (date.min, date.max))
    found = queries.owed_by(
        current_user.unit_id, first=first, last=last, after=after, limit=PAGE + 1
    )
    return render_template(
        "filing/obligations.html",
        page=keys.page_of(found, after),
        which=which if which in _days(told["soon"]) else "",
        may_write=is_filer(),
        **told,
    )


def _days(soon: date) -> dict[str, tuple[date, date]]:
    """What can be looked at by itself, as the numbers of the first page count it."""
    return {OVERDUE: (date.min, today() - timedelta(days=1)), NEAR: (today(), soon)}


def numbers() -> dict[str, Any]:
    """How many are owed and when the next is due, and the days by which a light is told."""
    day, near = today(), in_force().reminder_workdays
    soon = workdays().after(day, near)
    counts = desk.counts(current_user.unit_id, today=day, soon=soon)
    left = workdays().between(day, counts.next_day) if counts.next_day else None
    told = partial(light, day=day, soon=soon)
    return {"counts": counts, "near": near, "soon": soon, "left": left, "light": told}


def city_of(unit_id: int) -> City | None:
    found = unit(unit_id)
    return found.city if found else None


def first_page() -> str:
    """The first page of a filer or signer."""
    unit_id = current_user.unit_id
    signed_for = frozenset(current_user.signs_for)
    if "signer" in current_user.roles:
        signed_for |= {unit_id}
    return render_template(
        "desk/home_unit.html",
        owed=queries.owed_by(unit_id, limit=SHOWN + 1),
        shown=SHOWN,
        came_back=desk.came_back(unit_id),
        waiting=desk.waiting(signed_for, limit=SHOWN) if signed_for else [],
        waits=desk.number_waiting(signed_for) if signed_for else 0,
        signs=bool(signed_for),
        files=is_filer(),
        sheets=desk.sheets(unit_id),
        cases=cases.at_hand(unit_id),
        parts_wanted=collected.number_wanted(unit_id),
        tasks=tasks.counts_of_unit(unit_id),
        asked=pending.of_unit(unit_id, limit=SHOWN_REQUESTS),
        asked_words=pending.KINDS,
        asked_states=pending.STATES,
        matters=difficulties.waiting_for_unit(unit_id, day=today()),
        **received.waiting(),
        city=city_of(unit_id),
        **numbers(),
    )
