"""Transactions: how they begin, what they hold, and that no change is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests.statements import asked
from tracker.db import db, take_in_alone, writing
from tracker.registry.models import Alias, City, Unit

THREADS, EACH = 8, 25
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@pytest.fixture
def begun(app: Flask) -> Iterator[list[str]]:
    """The statements with which transactions begin."""
    with asked() as seen:
        db.session.remove()
        yield seen


def in_threads(app: Flask, work: Callable[[], None]) -> None:
    def one(_number: int) -> None:
        with app.app_context():
            work()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))


@ON_SQLITE
def test_a_transaction_begun_in_writing_takes_the_lock_at_once(begun: list[str]) -> None:
    with writing():
        db.session.execute(select(City.id))
    assert begun[0] == "BEGIN IMMEDIATE"


@ON_POSTGRESQL
def test_no_question_is_compiled_before_it_is_answered(app: Flask) -> None:
    assert db.session.scalar(text("SHOW jit")) == "off"


@ON_SQLITE
def test_one_begun_outside_takes_it_when_it_writes(begun: list[str]) -> None:
    db.session.execute(select(City.id))
    assert begun[0] == "BEGIN"


@ON_SQLITE
def test_what_comes_after_writing_reads_again(begun: list[str]) -> None:
    with writing():
        db.session.execute(select(City.id))
        db.session.commit()
    db.session.execute(select(City.id))
    assert [one for one in begun if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


@ON_SQLITE
def test_an_error_ends_writing_too(begun: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        raise ZeroDivisionError
    db.session.execute(select(City.id))
    assert begun[0] == "BEGIN"


@ON_SQLITE
def test_a_second_writer_waits_and_a_reader_does_not(begun: list[str], app: Flask) -> None:
    with writing():
        db.session.execute(update(City).values(position=City.position + 1))
        other = sqlite3.connect(str(db.engine.url.database), timeout=0)
        assert other.execute("SELECT count(*) FROM city").fetchone() == (21,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_eight_who_write_what_they_read_lose_nothing(app: Flask) -> None:
    known = db.session.scalars(select(Unit).order_by(Unit.id).limit(1)).one()
    unit_id, version = known.id, known.version
    db.session.remove()

    def work() -> None:
        done = 0
        while done < EACH:
            done += add_one(unit_id)

    in_threads(app, work)
    after = db.session.get(Unit, unit_id)
    assert after.credit_code == str(THREADS * EACH)
    assert after.version == version + THREADS * EACH


def add_one(unit_id: int) -> bool:
    """Count one up by hand; false where someone else was faster, and it is to be done again."""
    try:
        with writing():
            unit = db.session.get_one(Unit, unit_id)
            unit.credit_code = str(int(unit.credit_code or 0) + 1)
            db.session.commit()
    except StaleDataError:
        return False
    finally:
        db.session.remove()
    return True


def test_who_writes_over_a_newer_version_is_refused(app: Flask) -> None:
    unit = db.session.scalars(select(Unit).order_by(Unit.id).limit(1)).one()
    newer = update(Unit).where(Unit.id == unit.id).values(version=unit.version + 1)
    db.session.execute(newer, execution_options={"synchronize_session": False})
    unit.credit_code = "1"
    with pytest.raises(StaleDataError):
        db.session.flush()


def test_a_row_must_not_point_to_nothing(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(update(Alias).values(unit_id=0))


def test_a_row_that_others_point_to_cannot_go(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(delete(Unit))


def test_documents_are_taken_in_one_at_a_time(app: Flask) -> None:
    """Each adds one to the highest position: together they would take the same."""

    def work() -> None:
        with writing():
            take_in_alone()
            highest = db.session.scalars(
                select(City.position).order_by(City.position.desc())
            ).first()
            db.session.execute(
                update(City).where(City.name == "广州市").values(position=highest + 1)
            )
            db.session.commit()

    in_threads(app, work)
    assert max(db.session.scalars(select(City.position))) == 21 + THREADS


@ON_SQLITE
def test_sqlite_gives_up_after_a_while_and_says_so(begun: list[str], app: Flask) -> None:
    other = sqlite3.connect(str(db.engine.url.database))
    other.execute("BEGIN IMMEDIATE")
    db.session.execute(text("PRAGMA busy_timeout = 0"))
    db.session.rollback()
    with pytest.raises(OperationalError, match="locked"), writing():
        db.session.execute(select(City.id))
    other.close()
