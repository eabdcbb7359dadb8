"""The scopes of a notice that was on record only: read while it is followed, never before."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select, update

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice, Reach
from tracker.registry.models import City
from tracker.registry.queries import roster
from tracker.registry.scopes import NONE, REFERENCE, RESOLVED, WAITING, Scope, read_scope


def scopes_of(notice: Notice) -> Mapping[int, Scope]:
    """Each measure's printed scope, or its list's, as it would be read today."""
    own = select(City.name).where(City.id == notice.city_id)
    city, places = db.session.scalar(own), roster().places
    printed = (
        select(Measure.id, Measure.scope_raw, MeasureList.scope_raw.label("listed"))
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(Measure.notice_id == notice.id)
        .order_by(Measure.id)
    )
    return {
        row.id: read_scope(raw, places=places, own=city) if raw else Scope(state=NONE)
        for row in db.session.execute(printed)
        for raw in [row.scope_raw or row.listed]
    }


def resolve(notice: Notice) -> None:
    """From now on its scopes come to cities, or wait until these are designated.

    Cities that an earlier time of following came to still stand.
    """
    resting = select(Measure).where(
        Measure.notice_id == notice.id, Measure.scope_state == REFERENCE
    )
    measures = {measure.id: measure for measure in db.session.scalars(resting)}
    reached = select(Reach.measure_id).where(Reach.measure_id == Measure.id).exists()
    known = set(db.session.scalars(resting.with_only_columns(Measure.id).where(reached)))
    read = scopes_of(notice)
    scopes = {one: read[one] for one in measures if one not in known}
    cities = {row.name: row.id for row in db.session.execute(select(City.name, City.id))}
    for measure_id, measure in measures.items():
        measure.scope_state = RESOLVED if measure_id in known else scopes[measure_id].state
    rows = [
        {"measure_id": measure_id, "city_id": cities[name], "is_done_already": name in scope.done}
        for measure_id, scope in scopes.items()
        for name in dict.fromkeys((*scope.cities, *scope.done))
    ]
    if rows:
        db.session.execute(insert(Reach), rows)
    db.session.flush()


def rest(notice: Notice) -> None:
    """On record only, they are neither resolved nor waiting."""
    asked = Measure.notice_id == notice.id, Measure.scope_state.in_((RESOLVED, WAITING))
    db.session.execute(update(Measure).where(*asked).values(scope_state=REFERENCE))
