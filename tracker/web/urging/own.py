"""From an address to an urge or bulletin that the visitor may see or act on; otherwise 404."""

from __future__ import annotations

from flask import abort
from flask_login import current_user

from tracker.permissions import UNIT_SIDE, Record, is_office_of, may_see_urge
from tracker.supervision import queries, states
from tracker.supervision.models import Bulletin, Urge


def urge_to_see(urge_id: int) -> Urge:
    urge = queries.urge(urge_id) or abort(404)
    is_sent = urge.state in states.ISSUED
    if not may_see_urge(current_user.actor, record_of(urge), is_sent=is_sent):
        abort(404)
    return urge


def urge_of_office(urge_id: int) -> Urge:
    """For the acts of the office that wrote it."""
    urge = queries.urge(urge_id) or abort(404)
    if urge.office_id != current_user.unit_id:
        abort(404)
    return urge


def urge_of_unit(urge_id: int) -> Urge:
    """For the acts of the unit that was urged."""
    urge = queries.urge(urge_id) or abort(404)
    if urge.unit_id != current_user.unit_id or urge.state not in states.ISSUED:
        abort(404)
    return urge


def record_of(urge: Urge) -> Record:
    return Record(unit_id=urge.unit_id, office_id=urge.office_id)


def is_urged(urge: Urge) -> bool:
    """Whether the visitor answers for the unit that was urged."""
    actor = current_user.actor
    return bool(actor.roles & UNIT_SIDE) and actor.unit_id == urge.unit_id


def bulletin_to_see(bulletin_id: int) -> Bulletin:
    """Its office from the draft on, a named unit once it is issued."""
    bulletin = queries.bulletin(bulletin_id) or abort(404)
    actor, office = current_user.actor, Record(unit_id=0, office_id=bulletin.office_id)
    if is_office_of(actor, office):
        return bulletin
    is_named = bool(actor.roles & UNIT_SIDE) and queries.names(actor.unit_id, bulletin.id)
    if bulletin.state != states.PUBLISHED or not is_named:
        abort(404)
    return bulletin


def bulletin_of_office(bulletin_id: int) -> Bulletin:
    bulletin = queries.bulletin(bulletin_id) or abort(404)
    if bulletin.office_id != current_user.unit_id:
        abort(404)
    return bulletin
