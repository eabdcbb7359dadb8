"""Brings the database up to date, and says whether models and migrations agree."""

from __future__ import annotations

import io
import logging
import sqlite3

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask import current_app
from flask_migrate import upgrade as upgrade_database
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from tracker.config import Misconfigured
from tracker.db import db
from tracker.registry.models import Installation


def upgrade(revision: str = "head") -> None:
    """Apply every migration that is missing; several processes may ask at once."""
    _reach()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade_database(revision=revision)


def is_initialised() -> bool:
    """Whether `tracker init` came to its end; asked outside the session, which stays unbegun."""
    _reach()
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(Installation.__tablename__):
            return False
        return connection.scalar(select(Installation.id)) is not None


def revisions() -> list[str]:
    """Every migration that this program knows, the newest first."""
    config = current_app.extensions["migrate"].migrate.get_config()
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]


def difference() -> str:
    """What migrations lack that models say; empty where they agree."""
    _reach()
    config = current_app.extensions["migrate"].migrate.get_config()
    config.stdout = io.StringIO()  # it tells in English that it found nothing
    try:
        command.check(config)
    except CommandError as error:
        return str(error)
    return ""


def _reach() -> None:
    """Refuse with a sentence where the database does not answer, before anything is begun."""
    try:
        db.engine.connect().close()
    except (DBAPIError, sqlite3.Error) as error:
        address = db.engine.url.render_as_string(hide_password=True)
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise Misconfigured(
            f"无法打开数据库 {address}，请核对地址并确认数据库已启动：{reason}"
        ) from error
