"""The rows behind a number that is told by ids: obligations as they stood, tasks, measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.supervision.knowing import AsOf, known
from tracker.supervision.overdue import rows_of
from tracker.supervision.snapshots import MEASURES, OBLIGATIONS, TASKS
from tracker.tasks import queries as tasks
from tracker.tasks.models import Obligation, Task

Rows = Sequence[Row[Any]]


def rows(of: str, ids: Sequence[int], asked: AsOf) -> Rows:
    """In the order of their ids."""
    return READS[of](ids, asked)


def _obligations(ids: Sequence[int], asked: AsOf) -> Rows:
    query = rows_of(known(asked)).where(Obligation.id.in_(ids))
    return db.session.execute(query.order_by(Obligation.id)).all()


def _tasks(ids: Sequence[int], _asked: AsOf) -> Rows:
    query = tasks.listed().where(Task.id.in_(ids))
    return db.session.execute(query.order_by(Task.id)).all()


def _measures(ids: Sequence[int], _asked: AsOf) -> Rows:
    query: Select[*tuple[Any, ...]] = (
        select(Measure.id, Measure.no, Measure.title, Notice.short_title, MeasureList.adoption)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Measure.notice_id == Notice.id)
        .where(Measure.id.in_(ids))
    )
    return db.session.execute(query.order_by(Measure.id)).all()


READS: Mapping[str, Callable[[Sequence[int], AsOf], Rows]] = {
    OBLIGATIONS: _obligations,
    TASKS: _tasks,
    MEASURES: _measures,
}
