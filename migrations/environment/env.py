"""Runs migrations over the application's own engine, one process at a time."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

LOCK = 7_402_019  # any number, as long as every process takes the same


def run() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table with foreign keys on deletes the rows that hang on it.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=False,
        )
        context.run_migrations()
        if sqlite:
            _check_foreign_keys(connection)
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.rollback()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"foreign keys do not hold after the migration: {broken[:5]}")


run()
