"""Two at once: nothing is doubled, nobody sees an error that is not a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select

from tests.cast import EIGHTH, TAX, Act, Desk, at_once, by, open_on, owed, task_of, tracking_of
from tracker.db import db
from tracker.tasks import moving, scheduling
from tracker.tasks.models import Move, Obligation
from tracker.tasks.states import Forbidden
from tracker.tasks.tallying import differences

NEXT = date(2026, 4, 1)


def opening() -> Iterator[None]:
    assert db.session.scalar(select(func.count()).select_from(Obligation))
    yield
    open_on(NEXT)


def moved(*names: str) -> list[int]:
    query = select(func.count()).select_from(Move)
    return [db.session.scalar(query.where(Move.event == name)) or 0 for name in names]


def waiving(who: int, obligation_id: int) -> Act:
    def act() -> Iterator[None]:
        found = db.session.get_one(Obligation, obligation_id)
        yield
        moving.waive(found, by(who, NEXT), note="-")

    return act


def test_two_processes_that_open_a_period_at_once_make_no_double_and_no_error(alone: Desk) -> None:
    before = db.session.scalar(select(func.count()).select_from(Obligation)) or 0
    assert at_once(alone.app, opening, opening) == [None, None]
    after = db.session.scalar(select(func.count()).select_from(Obligation)) or 0
    assert after > before
    assert moved("opened") == [after]
    assert open_on(NEXT) == 0


def test_two_processes_that_open_a_period_at_once_count_it_once(alone: Desk) -> None:
    at_once(alone.app, opening, opening, opening)
    assert differences() == 0


def test_a_report_filed_while_a_period_opens_is_not_lost_from_the_tally(alone: Desk) -> None:
    scheduling.ask(tracking_of(EIGHTH), plan=False, stocktaking=False, on=NEXT)
    first = owed(task_of(TAX)).id

    def filing() -> Iterator[None]:
        found = db.session.get_one(Obligation, first)
        yield
        moving.file(found, by(alone.cast.signer, NEXT))

    assert at_once(alone.app, opening, filing, opening) == [None, None, None]
    assert differences() == 0


def test_of_two_who_move_the_same_obligation_at_once_the_second_is_told(alone: Desk) -> None:
    first = owed(task_of(TAX)).id
    acts = waiving(alone.cast.chief, first), waiving(alone.cast.reviewer, first)
    told = [error for error in at_once(alone.app, *acts) if error is not None]
    assert [type(error) for error in told] == [Forbidden]
    assert str(told[0]).endswith("。")
    assert moved("waive") == [1]
    assert differences() == 0


def test_many_who_move_obligations_of_one_unit_at_once_all_count(alone: Desk) -> None:
    query = select(Obligation.id).where(Obligation.unit_id == owed(task_of(TAX)).unit_id)
    ids = db.session.scalars(query.order_by(Obligation.id)).all()
    acts = [waiving(alone.cast.chief, found) for found in ids[:8]]
    assert at_once(alone.app, *acts) == [None] * 8
    assert differences() == 0
