"""Whatever people do in whatever order: what is owed has an owner, and no report is lost.

Two hundred runs of forty acts on each database, each run in a transaction that is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from sqlalchemy import update

from tests.cast import (
    CITY,
    MARITIME,
    OLD,
    STARTED,
    TAX,
    Cast,
    follow_from,
    open_on,
    people,
    task_of,
    tasks_of,
    tracking_of,
)
from tests.conftest import Databases, _settings
from tests.coordinating.course import DRAWN, Course, check, check_filed
from tracker.app import create_app
from tracker.db import db, writing
from tracker.tasks import scheduling
from tracker.tasks.models import Task
from tracker.tasks.states import OPEN, RECORDED
from tracker.tasks.tallying import differences

RUNS, ACTS = 200, 40
steps = st.tuples(st.sampled_from(DRAWN), st.integers(0, 11), st.integers(0, 9))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def few(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: Any
) -> Iterator[tuple[Flask, Cast]]:
    """A database in which only a few tasks owe anything, so that looking at all of it is cheap."""
    folder: Path = tmp_path_factory.mktemp("few")
    url = (
        databases.sqlite(folder)
        if request.param == "sqlite"
        else databases.postgres(request.getfixturevalue("postgres"))
    )
    app = create_app(_settings(url, folder))
    with app.app_context():
        with writing():
            cast = _few_tasks()
            db.session.commit()
        yield app, cast
        db.session.remove()
        db.engine.dispose()


def _few_tasks() -> Cast:
    chosen = [
        *tasks_of(TAX, OLD, adoption="复制推广")[:2],
        task_of(TAX, OLD, adoption="借鉴"),
        *tasks_of(MARITIME, OLD)[:2],
        task_of(CITY, OLD),
    ]
    others = Task.id.not_in([task.id for task in chosen])
    db.session.execute(update(Task).where(others, Task.state == OPEN).values(state=RECORDED))
    cast = people()
    follow_from(date(2099, 1, 1))
    scheduling.start(tracking_of(OLD), on=STARTED)
    open_on(STARTED)
    return cast


@settings(
    max_examples=RUNS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(acts=st.lists(steps, min_size=ACTS, max_size=ACTS))
def test_no_course_of_events_loses_a_report_or_an_owner(
    few: tuple[Flask, Cast], acts: list[tuple[str, int, int]]
) -> None:
    course = Course(few[1])
    try:
        for act in acts:
            course.step(*act)
            check(course)
        check_filed(course)
        assert differences() == 0
    finally:
        db.session.rollback()
