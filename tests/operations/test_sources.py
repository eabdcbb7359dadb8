"""The five documents as issued, taken in beside the facts; they need the shared folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.operations.documents import DAY, NOW, contents, count, take_in
from tracker.db import db
from tracker.notices.models import Measure, Remark, Source
from tracker.operations import importing
from tracker.operations.initialising import Refused, initialise
from tracker.registry.models import Unit
from tracker.storage import fetch
from tracker.tasks.models import Task

# What a document adds to a measure that the facts hold already.
FILLED = {"content", "section", "deadline", "place", "source_id", "version"}


@pytest.fixture
def documents(shared: Path) -> list[Path]:
    return sorted((shared / "seeds").iterdir())


def facts() -> list[dict[str, object]]:
    """Every measure without what a document adds."""
    columns = [column for column in Measure.__table__.columns if column.name not in FILLED]
    rows = db.session.execute(select(*columns).order_by(Measure.id)).mappings().all()
    return [dict(row) for row in rows]


def test_each_document_fills_in_its_measures_and_differs_in_nothing(
    app: Flask, documents: list[Path]
) -> None:
    told = [take_in(file) for file in documents]
    filled = [19, 20, 38, 73, 58]
    assert told == [
        f"补载原文{number}项，新建通知0件，与已跟踪内容不一致0处。" for number in filled
    ]


def test_every_measure_has_its_text_and_its_place_afterwards(
    app: Flask, documents: list[Path]
) -> None:
    for file in reversed(documents):
        take_in(file)
    bare = (Measure.content == "") | (Measure.place == "") | Measure.source_id.is_(None)
    assert count(select(Measure).where(bare)) == 0


def test_facts_and_tasks_stay_as_they_were(app: Flask, documents: list[Path]) -> None:
    before, known = contents(), facts()
    for file in documents:
        take_in(file)
    after = contents()
    for kept in ("task", "mention", "reach", "notice", "measure_list", "unit", "alias"):
        assert after[kept] == before[kept]
    assert facts() == known


def test_a_place_leads_to_the_line_on_which_the_measure_stands(
    app: Flask, documents: list[Path]
) -> None:
    take_in(documents[0])
    lines = documents[0].read_text("utf-8").splitlines()
    for one in db.session.scalars(select(Measure).where(Measure.place != "")):
        assert lines[int(one.place[1:-1]) - 1].startswith(f"{one.no}\t")


def test_texts_equal_the_source_once_white_space_is_gone(app: Flask, documents: list[Path]) -> None:
    for file in documents:
        take_in(file)
    source = "".join("".join(file.read_text("utf-8").split()) for file in documents)
    for one in db.session.scalars(select(Measure).where(Measure.place != "")):
        assert "".join(one.title.split()) in source.replace("<p>", "")


def test_a_document_is_recognised_by_its_hash(app: Flask, documents: list[Path]) -> None:
    take_in(documents[1])
    before = contents()
    assert take_in(documents[1]) == "此前已导入，内容未变，没有任何改动。"
    assert contents() == before


def test_it_is_recognised_under_another_name(
    app: Flask, documents: list[Path], tmp_path: Path
) -> None:
    take_in(documents[1])
    renamed = tmp_path / "另一个名字.txt"
    renamed.write_bytes(documents[1].read_bytes())
    assert take_in(renamed) == "此前已导入，内容未变，没有任何改动。"
    assert count(select(Source)) == 1


def test_init_with_sources_does_as_importing_one_by_one(app: Flask, documents: list[Path]) -> None:
    said: list[str] = []
    initialise(demonstration=False, on=DAY, sources=documents[0].parent, say=said.append)
    assert said[0] == "名录和通知已就绪，本次新载入通知0件。"
    assert [line.split("：")[0] for line in said[1:]] == [file.name for file in documents]
    assert count(select(Measure).where(Measure.content == "")) == 0
    assert count(select(Task)) == 446 + 2696


def test_init_with_sources_a_second_time_changes_no_row(app: Flask, documents: list[Path]) -> None:
    initialise(demonstration=False, on=DAY, sources=documents[0].parent, say=lambda _line: None)
    before = contents()
    initialise(demonstration=False, on=DAY, sources=documents[0].parent, say=lambda _line: None)
    assert contents() == before


def test_init_names_the_file_that_it_could_not_read(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / ".DS_Store").write_bytes(b"\x00\x01")
    (folder / "说明.txt").write_text("没有表格。", "utf-8")
    with pytest.raises(Refused, match=r"^说明\.txt：没有找到任务分工表"):
        initialise(demonstration=False, on=DAY, sources=folder, say=lambda _line: None)


def test_remarks_are_those_of_the_document_and_stand_once(
    app: Flask, documents: list[Path]
) -> None:
    for file in documents:
        take_in(file)
    told = db.session.execute(select(Remark.measure_id, Remark.code, Remark.message)).all()
    assert len(told) == len(set(told))
    assert count(select(Remark).where(Remark.source_id.is_(None))) == 0
    assert count(select(Remark).where(Remark.code == "open-ended")) == 10


def test_checking_writes_nothing(app: Flask, documents: list[Path]) -> None:
    before = contents()
    for file in documents:
        importing.checked(file)
    assert contents() == before


def test_the_source_file_is_kept_under_its_hash(app: Flask, documents: list[Path]) -> None:
    take_in(documents[2])
    kept = db.session.scalars(select(Source)).one()
    folder = app.config["TRACKER"].sources
    assert fetch(folder, kept.sha256) == documents[2].read_bytes()
    assert (kept.name, kept.received_by) == (documents[2].name, "命令行")
    assert kept.received_at.replace(tzinfo=NOW.tzinfo) == NOW or kept.received_at == NOW


def test_no_unit_is_added_by_the_documents(app: Flask, documents: list[Path]) -> None:
    before = count(select(Unit))
    for file in documents:
        take_in(file)
    assert count(select(Unit)) == before
