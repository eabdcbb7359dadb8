"""A corrected edition of a notice shows what it changes, and keeps what is tracked."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.operations.documents import contents, described, document, take_in, written
from tracker.db import db
from tracker.notices.models import Measure, Remark
from tracker.operations import importing

FIRST = [
    "1\t推行甲事项\t甲的做法。\t省税务局\t全省范围",
    "2\t构建乙机制\t乙的做法。\t省公安厅\t全省范围",
    "3\t优化丙服务\t丙的做法。\t省教育厅\t粤港澳大湾区九市",
]
# One title mended, one row added at the end, every text worded anew.
MENDED = [
    "1\t推行甲事项\t甲的新做法。\t省税务局\t全省范围",
    "2\t构建乙新机制\t乙的新做法。\t省公安厅\t全省范围",
    "3\t优化丙服务\t丙的新做法。\t省教育厅\t粤港澳大湾区九市",
    "4\t试行丁办法\t丁的做法。\t省司法厅\t全省范围",
]
# A row put in before the second, so that the numbers below it move.
MOVED = [
    FIRST[0],
    "2\t试行丁办法\t丁的做法。\t省司法厅\t全省范围",
    "3\t构建乙机制\t乙的新做法。\t省公安厅\t全省范围",
    "4\t优化丙服务\t丙的新做法。\t省教育厅\t粤港澳大湾区九市",
]


@pytest.fixture
def first(app: Flask, tmp_path: Path) -> Flask:
    """The first edition is tracked."""
    take_in(written(tmp_path, document(*FIRST)), described(tmp_path))
    return app


def texts() -> dict[str, str]:
    ours = select(Measure).where(Measure.source_id.is_not(None)).order_by(Measure.id)
    return {one.title: one.content for one in db.session.scalars(ours)}


def test_it_needs_no_notice_toml_and_tells_how_much_differs(first: Flask, tmp_path: Path) -> None:
    told = take_in(written(tmp_path, document(*MENDED)))
    assert told == "补载原文3项，新建通知0件，与已跟踪内容不一致2处。"


def test_each_difference_is_a_finding_with_its_place(first: Flask, tmp_path: Path) -> None:
    draft = importing.checked(written(tmp_path, document(*MENDED)))
    found = [one for one in draft.findings if one.code == "difference"]
    assert [(one.no, one.column) for one in found] == [("2", "事项"), ("4", None)]
    assert "原为“构建乙机制”，本文件为“构建乙新机制”" in found[0].message
    assert all(str(one.place) for one in found)


def test_it_keeps_facts_and_tasks(first: Flask, tmp_path: Path) -> None:
    before = contents()
    take_in(written(tmp_path, document(*MENDED)))
    after = contents()
    for kept in ("task", "mention", "reach", "notice", "measure_list"):
        assert after[kept] == before[kept]
    assert set(texts()) == {"推行甲事项", "构建乙机制", "优化丙服务"}


def test_the_new_text_replaces_the_old(first: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(*MENDED)))
    assert texts()["构建乙机制"] == "乙的新做法。"


def test_a_text_follows_its_measure_to_another_number(first: Flask, tmp_path: Path) -> None:
    told = take_in(written(tmp_path, document(*MOVED)))
    assert told.startswith("补载原文3项")
    assert texts() == {
        "推行甲事项": "甲的做法。",
        "构建乙机制": "乙的新做法。",
        "优化丙服务": "丙的新做法。",
    }


def test_a_text_never_stands_under_the_title_of_another_measure(
    first: Flask, tmp_path: Path
) -> None:
    other = "2\t全面取消跨境检测收费\t另一件事的做法。\t省公安厅\t全省范围"
    told = take_in(written(tmp_path, document(FIRST[0], other, FIRST[2])))
    assert told == "补载原文2项，新建通知0件，与已跟踪内容不一致1处。"
    assert texts()["构建乙机制"] == "乙的做法。"


def test_a_row_that_is_gone_is_told_and_its_tasks_stay(first: Flask, tmp_path: Path) -> None:
    before = contents()["task"]
    file = written(tmp_path, document(*FIRST[:2]))
    gone = [one.message for one in importing.checked(file).findings if one.code == "difference"]
    take_in(file)
    assert ["优化丙服务" in message for message in gone] == [True]
    assert contents()["task"] == before


def test_remarks_are_those_of_the_last_edition(first: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(*MENDED)))
    told = db.session.scalars(select(Remark.message).where(Remark.code == "difference")).all()
    assert len(told) == 2
    take_in(written(tmp_path, document(*MOVED)))
    assert not set(told) & set(db.session.scalars(select(Remark.message)))


def test_going_back_to_the_first_edition_changes_nothing(first: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(*MENDED)))
    before = contents()
    assert take_in(written(tmp_path, document(*FIRST))).startswith("此前已导入")
    assert contents() == before
