"""`tracker bench import`: what is measured; never how long it took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.operations.documents import count
from tracker.notices.models import Measure
from tracker.operations import benching
from tracker.operations.benching import Figure, as_json, as_table, measure_import
from tracker.tasks.models import Task


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return measure_import(sources=None, rounds=1)


def test_it_measures_init_checking_the_floor_and_an_import(figures: list[Figure]) -> None:
    assert [figure.what for figure in figures] == [
        "init on a fresh SQLite database",
        "checking the built-in facts",
        "floor: bulk insert of 200 measures and 4,200 tasks",
        "import of 200 measures with 4,200 tasks",
    ]


def test_only_what_has_a_floor_has_a_ratio(figures: list[Figure]) -> None:
    *others, imported = figures
    floor = others[-1]
    assert all(figure.ratio is None for figure in others)
    assert imported.ratio == pytest.approx(imported.milliseconds / floor.milliseconds, abs=0.02)


def test_json_tells_what_the_table_tells(figures: list[Figure]) -> None:
    told = json.loads(as_json(figures))
    lines = as_table(figures).splitlines()
    assert [one["what"] for one in told] == [line.split("  ")[0] for line in lines]
    assert lines[-1].endswith(f"{told[-1]['ratio']:.2f} × floor")


def test_with_documents_these_are_read(shared: Path) -> None:
    figures = measure_import(sources=shared / "seeds", rounds=1)
    assert figures[1].what == "reading and checking the documents"


def test_floor_and_import_write_as_many_rows(tmp_path: Path) -> None:
    written = []
    for work in (benching._insert_bare, benching._import):
        folder = tmp_path / work.__name__
        folder.mkdir()
        with benching._installation(folder) as settings:
            benching._initialise()
            before = count(select(Measure)), count(select(Task))
            work(settings)()
            after = count(select(Measure)), count(select(Task))
            written.append((after[0] - before[0], after[1] - before[1]))
    assert written == [(200, 4_200)] * 2


def test_the_made_up_document_is_the_same_each_time() -> None:
    assert benching._document() == benching._document()
    assert benching._document().count("\n") == 3 + benching.MEASURES
