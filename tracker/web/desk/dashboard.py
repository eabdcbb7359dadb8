"""工作总览: the office's first page, and the leader's; every number opens the list it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.permissions import UNIT_SIDE, office_seen_by
from tracker.supervision import alarms, dashboard, listing, waiting
from tracker.supervision.lateness import Lateness
from tracker.tasks import designations
from tracker.tasks.lights import GREEN, LIGHTS, RED, YELLOW
from tracker.tasks.states import LOCAL
from tracker.web.access import access
from tracker.web.desk.looking import Look, choices, look

SHOWN, PERIODS_SHOWN = 8, 8

# The list that a light counts.
LIST_OF = {RED: listing.OVERDUE, YELLOW: listing.NEAR, GREEN: listing.GREEN}

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@pages.get("")
@access("see supervision")
def index() -> ResponseReturnValue:
    return first_page()


def first_page() -> str:
    of = look()
    sight = of.sight
    return render_template(
        "desk/dashboard.html",
        choices=choices(of),
        overdue=listing.rows(listing.OVERDUE, sight, limit=SHOWN),
        backlog=dashboard.backlog(sight) if sight.asked.is_live else [],
        designate=_to_designate(of) if sight.asked.is_live else [],
        **_seen(of),
    )


def _to_designate(of: Look) -> list[Any]:
    """What notices leave open: it has no city, unit or period yet by which it could be chosen."""
    slugs, adoption = {notice.slug for notice in of.looked_at}, of.asked["adoption"]
    return [
        row
        for row in designations.undecided_rows(of.sight.picked.office or 0)
        if row.slug in slugs and adoption in ("", row.adoption)
    ]


@pages.get("/brief")
@access("see supervision")
def brief() -> ResponseReturnValue:
    return leaders_page()


def leaders_page() -> str:
    """One screen, read in a minute."""
    return render_template("desk/brief.html", **_seen(look()))


@pages.get("/matters")
@access("see supervision")
def matters() -> ResponseReturnValue:
    """What waits for the office to act, kind by kind."""
    office = office_seen_by(current_user.actor) or abort(404)
    return render_template("desk/matters.html", matters=waiting.waiting(office))


@pages.get("/units")
@access("see supervision")
def units() -> ResponseReturnValue:
    """Every unit's lights, the worst first."""
    return render_template("desk/lights.html", **_seen(look()))


def _seen(of: Look) -> dict[str, Any]:
    sight = of.sight
    board = dashboard.board(sight)
    return {
        "look": of,
        "board": board,
        "numbers": board.numbers,
        "worst": next((line for line in board.by_unit if line.red), None),
        "matters": waiting.waiting(sight.picked.office or 0) if sight.asked.is_live else None,
        "alarms": alarms.alarms(sight, {line.id for line in board.by_unit}, UNIT_SIDE)
        if sight.asked.is_live and not of.is_narrowed
        else [],
        "lateness": Lateness(sight.day, sight.workdays),
        "shown": SHOWN,
        "tiles": _tiles(of, board),
        "cities": _cities(of, board),
        "trends": _trends(board),
    }


def _tiles(of: Look, board: dashboard.Board) -> dict[str, dict[str, Any]]:
    """What is worst in each city, and the list of it."""
    found = {}
    for city in of.cities:
        line = board.by_city.get(city.id, board.nothing)
        which = LIST_OF.get(line.light)
        found[city.code] = {
            "name": city.name,
            "tone": line.light,
            "word": LIGHTS[line.light],
            "number": line.worst,
            "href": of.to(which, city=city.code) if which else of.city(city.code),
        }
    return found


def _cities(of: Look, board: dashboard.Board) -> Sequence[Any]:
    """Those that can owe something of what is looked at: none, where no local task is."""
    if of.asked["city"]:
        return [city for city in of.cities if city.code == of.asked["city"]]
    if of.asked["unit"]:
        return [city for city in of.cities if city.id in board.by_city]
    has_local = board.by_city or any(turn.role == LOCAL for turn in board.turns)
    return of.cities if has_local else []


def _trends(board: dashboard.Board) -> dict[str, list[Any]]:
    """Each role's last periods."""
    roles: dict[str, list[Any]] = {}
    for turn in board.turns:
        roles.setdefault(turn.role, []).append(turn)
    return {role: turns[-PERIODS_SHOWN:] for role, turns in roles.items()}
