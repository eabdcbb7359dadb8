"""Inserts that give way to what is there already. Both databases can, each by its own construct."""

from __future__ import annotations

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite

from tracker.db import Model, db


def insert(model: type[Model]) -> postgresql.Insert:
    """An insert that knows ON CONFLICT, for the database at hand."""
    if db.session.get_bind().dialect.name == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(model))
    return postgresql.insert(model)
