"""Brings the database up to date, and says whether models and migrations agree."""

from __future__ import annotations

import contextlib
import io
import logging

from alembic import command
from alembic.util.exc import CommandError
from flask import current_app
from flask_migrate import upgrade as upgrade_database
from sqlalchemy import inspect

from tracker.db import db


def upgrade() -> None:
    """Apply every migration that is missing; several processes may ask at once."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade_database()


def is_upgraded() -> bool:
    return inspect(db.engine).has_table("installation")


def difference() -> str:
    """What migrations lack that models say; empty where they agree."""
    config = current_app.extensions["migrate"].migrate.get_config()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            command.check(config)
    except CommandError as error:
        return str(error)
    return ""
