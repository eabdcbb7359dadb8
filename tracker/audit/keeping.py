"""Rows that are written once: the ORM refuses to change or remove them, one by one or in bulk."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from tracker.db import Model

_kept: set[type[Model]] = set()


class WrittenOnce(Exception):
    """Code tried to change what is only ever added to: a fault, never a person's mistake."""


def write_once(model: type[Model], *, later: Collection[str] = ()) -> None:
    """From now on the model's rows stand; the columns in `later` may be filled in once."""

    def refuse_change(_mapper: object, _connection: object, row: Model) -> None:
        for column in inspect(row).mapper.column_attrs:
            history = inspect(row).attrs[column.key].history
            filled = column.key in later and not any(history.deleted)
            if history.has_changes() and not filled:
                raise WrittenOnce(f"{model.__tablename__}.{column.key} is written once")

    def refuse_removal(*_: object) -> None:
        raise WrittenOnce(f"{model.__tablename__} is never removed from")

    event.listen(model, "before_update", refuse_change)
    event.listen(model, "before_delete", refuse_removal)
    _kept.add(model)


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete) or state.bind_mapper is None:
        return
    kept: Any = state.bind_mapper.class_
    if kept in _kept:
        raise WrittenOnce(f"{kept.__tablename__} is written once")
