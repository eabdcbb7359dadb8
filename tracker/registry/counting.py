"""Numbers in a row without gaps: the counter's row is locked until the transaction is whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from tracker.db import Model, db


def next_number(counter: type[Model], *, count: int = 1, **key: Any) -> int:
    """The next number under a key, or the last of so many; what is rolled back gives them back."""
    number = _counted(counter, count, key)
    if number is None:
        try:
            with db.session.begin_nested():
                db.session.execute(insert(counter).values(**key, last=0))
        except IntegrityError:
            pass  # another transaction began this count at the same moment
        number = _counted(counter, count, key)
    if number is None:
        raise LookupError(f"no count of {counter.__tablename__} for {key}")
    return number


def _counted(counter: type[Model], count: int, key: dict[str, Any]) -> int | None:
    table = counter.__table__
    counted = (
        update(counter)
        .where(*(table.c[name] == value for name, value in key.items()))
        .values(last=table.c.last + count)
        .returning(table.c.last)
    )
    number: int | None = db.session.scalar(counted)
    return number
