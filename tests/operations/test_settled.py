"""What a person settled about a document is kept with it, and carried out when it is confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.operations.documents import (
    NOW,
    count,
    described,
    document,
    table,
    take_in,
    written,
)
from tracker.db import db, writing
from tracker.notices import handing_in
from tracker.notices.handing_in import Settled, hand_in
from tracker.notices.importing import Refused
from tracker.registry.models import Alias, City, Unit
from tracker.storage import fetch, settle
from tracker.tasks.models import Task
from tracker.tasks.states import LEAD, LOCAL

UNKNOWN = "省测试局"
CITYS = "深圳前海测试经验任务分工表"


def settled(app: Flask, file: Path, **answers: Any) -> None:
    """Hand the file in and keep the answers with it, as the page does."""
    with writing():
        source = hand_in(
            file.read_bytes(), file.name, folder=app.config["TRACKER"].sources, by="某人", at=NOW
        )
        kept = {"names": {}, "scopes": {}, "notices": {}, **answers}
        source.decisions = Settled(**kept).as_text()
        db.session.commit()
    db.session.remove()


def row(units: str, scope: str = "全省范围") -> str:
    return f"1\t推行甲事项\t一是办好甲事项。\t{units}\t{scope}"


def leads() -> list[tuple[str, str]]:
    """As printed, and whom the name was taken for, of the measures that came from a file."""
    query = select(Task.printed, Unit.name).join(Unit, Task.unit_id == Unit.id)
    query = query.where(Task.role == LEAD, Task.printed.like("%测试%")).order_by(Task.id)
    return [tuple(found) for found in db.session.execute(query)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, document(row(f"省税务局、{UNKNOWN}")))


def test_an_alias_enters_the_registry_and_serves_the_next_document(
    app: Flask, file: Path, tmp_path: Path
) -> None:
    settled(app, file, names={UNKNOWN: {"alias": "省公安厅"}})
    take_in(file, described(tmp_path))
    assert leads() == [(UNKNOWN, "省公安厅")]
    other = document(
        row(UNKNOWN), title="广东省人民政府关于另一测试的通知", number="粤府函〔2026〕903号"
    )
    take_in(written(tmp_path, other, "2.txt"), described(tmp_path))
    assert leads() == [(UNKNOWN, "省公安厅")] * 2


def test_an_alias_cites_the_file_that_it_came_from(app: Flask, file: Path, tmp_path: Path) -> None:
    settled(app, file, names={UNKNOWN: {"alias": "省公安厅"}})
    take_in(file, described(tmp_path))
    alias = db.session.scalars(select(Alias).where(Alias.name == UNKNOWN)).one()
    assert alias.source == "导入文件：notice.txt"


def test_a_new_unit_enters_the_registry(app: Flask, file: Path, tmp_path: Path) -> None:
    settled(app, file, names={UNKNOWN: {"new": {"level": "province", "kind": "department"}}})
    take_in(file, described(tmp_path))
    unit = db.session.scalars(select(Unit).where(Unit.name == UNKNOWN)).one()
    assert (unit.level, unit.kind, unit.source) == (
        "province",
        "department",
        "导入文件：notice.txt",
    )
    assert leads() == [(UNKNOWN, UNKNOWN)]


def test_taken_once_it_counts_for_this_document_only(
    app: Flask, file: Path, tmp_path: Path
) -> None:
    settled(app, file, names={UNKNOWN: {"take": "省公安厅"}})
    take_in(file, described(tmp_path))
    assert leads() == [(UNKNOWN, "省公安厅")]
    assert count(select(Alias).where(Alias.name == UNKNOWN)) == 0
    other = document(
        row(UNKNOWN), title="广东省人民政府关于另一测试的通知", number="粤府函〔2026〕903号"
    )
    with pytest.raises(Refused, match=UNKNOWN):
        take_in(written(tmp_path, other, "2.txt"), described(tmp_path))


def test_two_names_taken_for_one_unit_make_one_task(app: Flask, file: Path, tmp_path: Path) -> None:
    settled(app, file, names={UNKNOWN: {"take": "省税务局"}})
    draft = handing_in.draft_of(
        file.read_bytes(), Settled(names={UNKNOWN: {"take": "省税务局"}}, scopes={}, notices={})
    )
    before = count(select(Task).where(Task.role == LEAD))
    take_in(file, described(tmp_path))
    assert draft.unit_tasks == 1
    assert count(select(Task).where(Task.role == LEAD)) == before + 1


def test_an_answer_that_leads_nowhere_leaves_the_name_unknown(
    app: Flask, file: Path, tmp_path: Path
) -> None:
    settled(app, file, names={UNKNOWN: {"alias": "并不存在的单位"}})
    with pytest.raises(Refused, match=UNKNOWN):
        take_in(file, described(tmp_path))
    assert count(select(Alias).where(Alias.name == UNKNOWN)) == 0


def test_cities_that_were_designated_get_local_tasks(app: Flask, tmp_path: Path) -> None:
    file = written(tmp_path, document(row("省税务局", "保税监管场所")))
    settled(app, file, scopes={"1/1": ["广州市", "湛江市"]})
    take_in(file, described(tmp_path))
    query = select(City.name).join(Task, Task.city_id == City.id)
    query = query.where(Task.role == LOCAL).order_by(Task.id.desc()).limit(2)
    assert sorted(db.session.scalars(query)) == ["广州市", "湛江市"]


def test_a_name_of_a_citys_document_is_settled_for_that_city(app: Flask, tmp_path: Path) -> None:
    text = table(row("市测试局", "全市")).replace("测试经验任务分工表", CITYS)
    file = written(tmp_path, text)
    [unknown] = handing_in.draft_of(file.read_bytes()).unknown
    settled(app, file, names={unknown: {"new": {"level": "city", "kind": "department"}}})
    take_in(file, described(tmp_path))
    assert unknown == "深圳市测试局"
    assert leads() == [("市测试局", "深圳市测试局")]


def test_a_dropped_file_that_is_handed_in_again_is_a_draft_again(app: Flask, file: Path) -> None:
    settled(app, file)
    source = handing_in.queries.source_by_hash(hand(app, file).sha256)
    source.state = handing_in.DROPPED
    db.session.flush()
    assert hand(app, file).state == handing_in.DRAFT


def test_a_file_that_the_folder_lost_is_kept_again(app: Flask, file: Path) -> None:
    first = hand(app, file)
    folder = app.config["TRACKER"].sources
    settle(folder, first.sha256)
    (folder / first.sha256[:2] / first.sha256).unlink()
    assert hand(app, file) is first
    assert fetch(folder, first.sha256) == file.read_bytes()


def hand(app: Flask, file: Path):
    folder = app.config["TRACKER"].sources
    return hand_in(file.read_bytes(), file.name, folder=folder, by="某人", at=NOW)
