"""The database: one session, typed models, and how transactions begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    MetaData,
    bindparam,
    event,
    inspect,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

BUSY_MILLISECONDS = 15_000
CONNECT_SECONDS = 10
STATEMENTS_KEPT = 500
TAKING_IN = 7_402_020  # any number, as long as every process takes the same


class Base(DeclarativeBase):
    """Names for every constraint, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside mean to write: SQLite locks at once instead of failing late."""
    before = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(before)


def ask(query: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
    """Columns that are only looked at: without objects of the session, at half the price."""
    session = db.session()
    session.flush()
    return session.connection().execute(query, values)


def take_in_alone() -> None:
    """Wait until no other transaction takes documents in, so that none comes in twice.

    SQLite has one writer anyway, provided that the transaction began inside `writing()`.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:lock)")
        db.session.execute(lock, {"lock": TAKING_IN})


def flush_together(rows: Iterable[Model]) -> None:
    """Write what changed in many versioned rows, in one statement for all with the same columns.

    The unit of work sends one for each row. As there, a row that another transaction has changed
    meanwhile is stale, and nothing of these is kept.
    """
    alike: dict[tuple[type[Model], frozenset[str]], list[Model]] = {}
    for row in rows:
        if names := frozenset(_changed(row)):
            alike.setdefault((type(row), names), []).append(row)
    for (model, names), some in alike.items():
        _update(model, sorted(names), some)


def _changed(row: Model) -> Iterator[str]:
    state = inspect(row)
    for column in state.mapper.column_attrs:
        if state.attrs[column.key].history.has_changes():
            yield column.key


def _update(model: type[Model], names: Sequence[str], rows: Sequence[Any]) -> None:
    table = model.metadata.tables[model.__tablename__]
    statement = (
        update(table)
        .where(table.c.id == bindparam("key"), table.c.version == bindparam("was"))
        .values(
            {"version": table.c.version + 1} | {name: bindparam(f"new_{name}") for name in names}
        )
    )
    told = [
        {"key": row.id, "was": row.version} | {f"new_{name}": getattr(row, name) for name in names}
        for row in rows
    ]
    if db.session.connection().execute(statement, told).rowcount != len(rows):
        raise StaleDataError(f"{table.name}: changed by another transaction meanwhile")
    for row in rows:
        set_committed_value(row, "version", row.version + 1)
        for name in names:
            set_committed_value(row, name, getattr(row, name))


def insert(model: type[Model]) -> postgresql.Insert:
    """An insert that can give way to what is there already; each database has its own."""
    if db.session.get_bind().dialect.name == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(model))
    return postgresql.insert(model)


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_MILLISECONDS / 1000}}
    # The connection that was used last is used next: it has prepared what is asked most.
    kept = {"pool_pre_ping": True, "pool_use_lifo": True}
    return {**kept, "connect_args": {"connect_timeout": CONNECT_SECONDS}}


def prepare(engine: Engine) -> None:
    """SQLite: rules on, readers beside one writer, and transactions begun by ourselves."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _spare_planning)


def _spare_planning(connection: Any, _record: object) -> None:
    """PostgreSQL takes a tenth of a second to compile what it then answers in a few thousandths,
    and plans again what it has forgotten: it is let keep what all the pages ask.

    Compiling is named by its setting, so that a database without it is not asked for it.
    """
    connection.prepared_max = STATEMENTS_KEPT
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit'")
    connection.commit()


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
