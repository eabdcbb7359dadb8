"""Made-up data at size: as much as was promised, consistent, and only in a demonstration."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from tests.conftest import DAY
from tests.operations.replaying import count
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.operations.initialising import Refused
from tracker.operations.synth import SCALES, fill, last_periods
from tracker.operations.synth_ground import MARK, Scale
from tracker.registry.models import Installation, Person, Unit
from tracker.reports.models import Report, Revision
from tracker.tasks.models import Move, Obligation, Tally, Task
from tracker.tasks.periods import HALF, QUARTER
from tracker.tasks.tallying import differences

SMALL = Scale(parts=2, notices=2, measures=4, quarters=6, reports=0.9)


@pytest.fixture
def lines(app: Flask) -> list[str]:
    """What was said while two small provinces were filled."""
    db.session.get_one(Installation, 1).is_demonstration = True
    db.session.commit()
    said: list[str] = []
    fill(SMALL, DAY, said.append)
    return said


def test_a_province_and_the_nation_are_as_large_as_promised() -> None:
    province, nation = SCALES["province"], SCALES["nation"]
    assert (province.tasks, province.obligations) == (10_500, 100_000)
    assert province.reports * province.obligations == 90_000
    assert nation.tasks == 31 * province.tasks


def test_there_is_as_much_as_was_asked_for(lines: list[str]) -> None:
    assert count_of_synthetic(Measure.title) == 2 * 2 * 4
    assert count(Obligation) == SMALL.obligations == 2 * 2 * 4 * (4 * 6 + 17 * 3)
    assert count(Report) == round(0.9 * SMALL.obligations)
    assert len(lines) == SMALL.parts


def test_everything_made_up_is_marked(lines: list[str]) -> None:
    assert count_of_synthetic(Unit.name) == 58
    assert count_of_synthetic(Notice.title) == SMALL.parts * SMALL.notices


def test_nobody_can_sign_in_as_a_made_up_person(lines: list[str]) -> None:
    made_up = select(Person).where(Person.account.startswith("synth-"))
    assert [person.is_locked for person in db.session.scalars(made_up)] == [True] * 3


def test_each_task_owes_every_period_of_its_role(lines: list[str]) -> None:
    periods = (
        select(func.count())
        .select_from(Obligation)
        .group_by(Obligation.task_id, Obligation.role)
        .add_columns(Obligation.role)
    )
    found = {(row.role, row[0]) for row in db.session.execute(periods)}
    assert found == {("lead", 6), ("local", 3)}


def test_the_tally_agrees_with_what_is_owed(lines: list[str]) -> None:
    assert count(Tally) > 0
    assert differences() == 0


def test_each_obligation_began_with_its_opening_and_stands_where_its_last_move_left_it(
    lines: list[str],
) -> None:
    first = select(func.min(Move.id)).group_by(Move.obligation_id)
    last = select(func.max(Move.id)).group_by(Move.obligation_id)
    opened = select(Move.event).distinct().where(Move.id.in_(first))
    assert list(db.session.scalars(opened)) == ["opened"]
    agreeing = (
        select(func.count())
        .join(Obligation, Move.obligation_id == Obligation.id)
        .where(Move.id.in_(last), Move.status == Obligation.status)
        .where(Move.awaited_by.is_not_distinct_from(Obligation.awaited_by))
    )
    assert db.session.scalar(agreeing.select_from(Move)) == count(Obligation)


def test_whatever_has_a_report_was_begun_and_nothing_else(lines: list[str]) -> None:
    begun = set(db.session.scalars(select(Obligation.id).where(Obligation.begun_on.is_not(None))))
    assert begun == set(db.session.scalars(select(Report.obligation_id)))


def test_no_receipt_is_given_twice_or_left_out(lines: list[str]) -> None:
    by_year: dict[str, list[int]] = {}
    for receipt in db.session.scalars(select(Revision.receipt)):
        by_year.setdefault(receipt[:4], []).append(int(receipt[5:]))
    for numbers in by_year.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_there_is_something_of_every_state(lines: list[str]) -> None:
    assert {"due", "filed", "accepted"} <= set(db.session.scalars(select(Obligation.status)))
    assert {"draft", "accepted"} <= set(db.session.scalars(select(Report.state)))
    assert db.session.scalar(select(func.count()).where(Task.is_landed))


def test_it_is_written_once(lines: list[str]) -> None:
    with pytest.raises(Refused, match="已有合成数据"):
        fill(SMALL, DAY, lines.append)


def test_a_real_installation_refuses_it(app: Flask) -> None:
    with pytest.raises(Refused, match="不是演示环境"):
        fill(SMALL, DAY, lambda _line: None)
    assert count(Obligation) == 0


@pytest.mark.parametrize(
    ("cadence", "number", "first", "last"),
    [
        (QUARTER, 16, date(2023, 1, 1), date(2026, 10, 1)),
        (HALF, 8, date(2023, 1, 1), date(2026, 7, 1)),
    ],
)
def test_the_last_period_is_the_one_that_runs(
    cadence: str, number: int, first: date, last: date
) -> None:
    found = last_periods(cadence, DAY, number)
    assert [len(found), found[0].starts, found[-1].starts] == [number, first, last]


def count_of_synthetic(column: InstrumentedAttribute[str]) -> int:
    return db.session.scalars(select(func.count()).where(column.startswith(MARK))).one()
