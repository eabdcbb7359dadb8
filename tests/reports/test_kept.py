"""What was filed, decided or moved is never changed and never removed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from tests.cast import BODY, Desk
from tracker.audit.keeping import WrittenOnce
from tracker.db import Model, db
from tracker.reports import evidence
from tracker.reports.models import FiledBacking, ReportMove, Review, Revision
from tracker.tasks.models import Move, Obligation

DAY = date(2026, 4, 1)
KEPT: dict[type[Model], tuple[str, object]] = {
    Revision: ("percent", 99),
    Review: ("is_accepted", False),
    ReportMove: ("note", "别的"),
    Move: ("note", "别的"),
}


@pytest.fixture
def done(desk: Desk, first: Obligation) -> Obligation:
    """A report with evidence, filed and accepted."""
    report = desk.draft(first, DAY)
    evidence.back(report, [desk.upload(b"%PDF-1.7 proof")])
    desk.file(first, DAY)
    desk.accept(first, DAY)
    return first


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_a_row_is_not_changed(done: Obligation, model: type[Model]) -> None:
    column, value = KEPT[model]
    row = db.session.scalars(select(model)).all()[-1]
    setattr(row, column, value)
    with pytest.raises(WrittenOnce, match="written once"):
        db.session.flush()


@pytest.mark.parametrize("model", [*KEPT, FiledBacking], ids=lambda model: model.__name__)
def test_a_row_is_not_removed(done: Obligation, model: type[Model]) -> None:
    db.session.delete(db.session.scalars(select(model)).all()[-1])
    with pytest.raises(WrittenOnce, match="never removed"):
        db.session.flush()


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_rows_are_not_changed_in_bulk(done: Obligation, model: type[Model]) -> None:
    column, value = KEPT[model]
    with pytest.raises(WrittenOnce):
        db.session.execute(update(model).values({column: value}))


@pytest.mark.parametrize("model", [*KEPT, FiledBacking], ids=lambda model: model.__name__)
def test_rows_are_not_removed_in_bulk(done: Obligation, model: type[Model]) -> None:
    with pytest.raises(WrittenOnce):
        db.session.execute(delete(model))


def test_a_later_revision_leaves_the_earlier_one_as_it_was(desk: Desk, done: Obligation) -> None:
    query = select(Revision.body, Revision.receipt).where(Revision.number == 1)
    before = db.session.execute(query).one()
    desk.amend(done, DAY)
    desk.file(done, DAY, BODY)
    assert db.session.execute(query).one() == before


def test_evidence_filed_with_a_revision_stays_with_it(desk: Desk, done: Obligation) -> None:
    report = desk.amend(done, DAY)
    kept = evidence.of_report(report.id)
    evidence.drop(report, kept[0].id)
    desk.file(done, DAY)
    filed = [evidence.of_revision(n) for n in db.session.scalars(select(Revision.id))]
    assert [len(items) for items in filed] == [1, 0]
