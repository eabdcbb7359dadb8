"""Numbers of urges and bulletins: two offices never give the same one, and none ever changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tests.cast import OFFICE, OLD, Q1_DUE, TAX, WORKDAYS, Desk, by, moment, owed, tasks_of, unit
from tests.supervision.test_bulletins import AS_OF, drafted
from tests.supervision.urged import FIFTH, REMINDED, RUNGS, remind, sent
from tracker.db import db
from tracker.registry.settings import in_force, mark_of, set_mark
from tracker.supervision import bulletins, urging
from tracker.supervision.models import Bulletin, Urge
from tracker.supervision.numbering import numbered
from tracker.supervision.proposing import propose

OTHER = "省发展改革委"


def mark(name: str, code: str, day: date = FIFTH) -> dict[str, str]:
    return set_mark(unit(name).id, code, person_id=None, at=moment(day))


def issued_by(desk: Desk, office: str, name: str = TAX) -> Urge:
    """What another office urges the same unit for."""
    remind(*REMINDED)
    propose(unit(office).id, FIFTH, at=moment(FIFTH, 8), rungs=RUNGS, workdays=WORKDAYS)
    own = Urge.office_id == unit(office).id, Urge.unit_id == unit(name).id
    urge = db.session.scalars(select(Urge).where(*own)).one()
    urging.issue(urge, by(desk.cast.chief, FIFTH), WORKDAYS)
    return urge


def published(desk: Desk, day: date = AS_OF) -> Bulletin:
    bulletin = drafted(day)
    bulletins.publish(bulletin, by(desk.cast.chief, day))
    return bulletin


def test_without_a_mark_the_number_carries_the_offices_name(desk: Desk) -> None:
    assert owed(tasks_of(TAX, OLD)[0]).due_on == Q1_DUE
    own, other = sent(desk), issued_by(desk, OTHER)
    assert numbered(own) == "省商务厅自贸办催办〔2026〕1号"
    assert numbered(other) == "省发展改革委催办〔2026〕1号"
    assert numbered(published(desk)) == "省商务厅自贸办通报〔2026〕1号"


def test_an_offices_own_mark_stands_for_its_name(desk: Desk) -> None:
    mark(OFFICE, "演示")
    assert (mark_of(unit(OFFICE).id), mark_of(unit(OTHER).id)) == ("演示", "")
    assert numbered(sent(desk)) == "演示催办〔2026〕1号"
    assert numbered(published(desk)) == "演示通报〔2026〕1号"
    assert numbered(issued_by(desk, OTHER)) == "省发展改革委催办〔2026〕1号"


def test_a_number_that_was_given_never_changes(desk: Desk) -> None:
    first = published(desk)
    mark(OFFICE, "演示", AS_OF)
    second = published(desk, date(2026, 6, 1))
    assert [numbered(one) for one in (first, second)] == [
        "省商务厅自贸办通报〔2026〕1号",
        "演示通报〔2026〕2号",
    ]


def test_a_paper_without_a_number_has_none_to_print(desk: Desk) -> None:
    assert numbered(drafted()) == ""


def test_marks_are_settings_that_leave_the_others_alone(desk: Desk) -> None:
    before = in_force()
    assert len(mark(OFFICE, "演示")) == 1
    assert mark(OFFICE, "演示") == {}
    assert in_force() == before
    assert len(mark(OFFICE, "")) == 1
    assert mark_of(unit(OFFICE).id) == ""
