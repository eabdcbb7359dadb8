"""The demonstration shows urging in every stage, a bulletin and an evaluation."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.cast import CITY, MARITIME, OFFICE, TAX, follow_from, open_on, unit
from tracker.clock import today
from tracker.db import db, writing
from tracker.operations import demonstration, history_urging
from tracker.operations.history import first_day, openings
from tracker.supervision import evaluating
from tracker.supervision.models import Bulletin, Evaluation, Urge
from tracker.supervision.states import ACKNOWLEDGED, ANSWERED, PROPOSED, PUBLISHED, SENT


def test_the_last_weeks_are_told_and_add_up(app: Flask) -> None:
    """One telling for all that is asked of it: it takes a year of everything being late."""
    with writing():
        demonstration.people(production=False)
        since = first_day(today())
        follow_from(since)
        for day in openings(since, today()):
            open_on(day)
        history_urging.tell(today())
    urges_stand_in_every_stage()
    bulletin = db.session.scalars(select(Bulletin)).one()
    assert (bulletin.state, bulletin.number) == (PUBLISHED, 1)
    assert bulletin.issued_on
    assert bulletin.issued_on < today()
    evaluation = db.session.scalars(select(Evaluation)).one()
    assert evaluation.shown_at
    assert evaluating.differences(evaluation) == 0


def urges_stand_in_every_stage() -> None:
    urges = db.session.scalars(select(Urge)).all()
    found = {(one.unit_id, one.office_id): (one.state, one.number) for one in urges}
    ziyou, fagai = unit(OFFICE).id, unit("省发展改革委").id
    assert found[unit(CITY).id, ziyou] == (ANSWERED, 1)
    assert found[unit(MARITIME).id, ziyou] == (ACKNOWLEDGED, 2)
    assert found[unit(TAX).id, fagai] == (SENT, 1)
    assert (PROPOSED, None) in found.values()
    assert all(one.issued_on < today() for one in urges if one.issued_on)
