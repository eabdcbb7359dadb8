"""From an address to an obligation that the visitor may see, write or sign; otherwise 404."""

from __future__ import annotations

from flask import abort
from flask_login import current_user

from tracker import permissions
from tracker.permissions import FILER, SIGNER, Record
from tracker.reports import desk, queries
from tracker.tasks.models import Obligation
from tracker.tasks.states import ACCEPTED


def record_of(owed: Obligation) -> Record:
    return Record(
        unit_id=owed.unit_id,
        office_id=owed.notice.office_id,
        role=owed.role,
        is_accepted=owed.status == ACCEPTED,
    )


def to_write(obligation_id: int) -> Obligation:
    owed = queries.obligation(obligation_id)
    if owed is None or not permissions.may_write_report(current_user.actor, record_of(owed)):
        abort(404)
    return owed


def to_sign(obligation_id: int) -> Obligation:
    owed = queries.obligation(obligation_id)
    if owed is None or not permissions.may_sign_report(current_user.actor, record_of(owed)):
        abort(404)
    return owed


def to_work_on(obligation_id: int) -> Obligation:
    """For what filer and signer may both do."""
    owed = queries.obligation(obligation_id)
    if owed is None or not _works_on(owed):
        abort(404)
    return owed


def _works_on(owed: Obligation) -> bool:
    actor, record = current_user.actor, record_of(owed)
    writes = permissions.may_write_report(actor, record)
    return writes or permissions.may_sign_report(actor, record)


def to_see(obligation_id: int) -> Obligation:
    owed = queries.obligation(obligation_id)
    if owed is None or not may_see(owed):
        abort(404)
    return owed


def may_see(owed: Obligation) -> bool:
    actor, record = current_user.actor, record_of(owed)
    if permissions.may_sign_report(actor, record):
        return True
    leads = owed.task and desk.measures_led(actor.unit_id, [owed.task.measure_id])
    return permissions.may_see_report(actor, record, leads_measure=bool(leads))


def is_inside(owed: Obligation) -> bool:
    """Whether the visitor is of the unit that writes it: only they see what is not filed yet."""
    own = bool(current_user.roles & permissions.UNIT_SIDE) and current_user.unit_id == owed.unit_id
    return own or owed.unit_id in current_user.signs_for


def units_signed_for() -> frozenset[int]:
    """The units whose reports the visitor may sign today; nobody's is 404."""
    own = {current_user.unit_id} if SIGNER in current_user.roles else set()
    return frozenset(own | current_user.signs_for) or abort(404)


def is_filer() -> bool:
    return FILER in current_user.roles
