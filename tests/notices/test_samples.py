"""Tables of other issuers, and what a careful reader makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.notices.ground import bare, drafted
from tracker.notices.drafting import Draft, DraftMeasure
from tracker.notices.reading.document import read
from tracker.notices.reading.files import Unreadable

TABLES = ("gbf-2018-126.tsv", "gbf-2018-126.lines", "zj-changjing-2026-fu2.tsv")
INLINE = ("gf-2019-3", "fragments")

Expected = dict[str, Any]


def expected(shared: Path, name: str) -> list[Expected]:
    rows: list[Expected] = json.loads(
        (shared / "samples" / f"{name}.expected.json").read_text("utf-8")
    )
    return rows


def draft_of(shared: Path, name: str) -> Draft:
    return drafted(read((shared / "samples" / f"{name}.txt").read_bytes()))


def measures(shared: Path, name: str) -> list[tuple[Expected, DraftMeasure]]:
    found = [measure for _, measure in draft_of(shared, name).measures]
    return list(zip(expected(shared, name), found, strict=True))


@pytest.mark.parametrize("name", TABLES)
def test_number_title_and_scope_are_as_expected(shared: Path, name: str) -> None:
    for row, measure in measures(shared, name):
        assert (measure.no, bare(measure.title)) == (row["no"], bare(row["title"]))
        assert bare(measure.scope_raw) == bare(row["scope"])


@pytest.mark.parametrize("name", TABLES)
def test_units_are_as_expected_in_print_and_in_full(shared: Path, name: str) -> None:
    for row, measure in measures(shared, name):
        assert [m.printed for m in measure.mentions] == row["units"]
        assert [m.name for m in measure.mentions] == row.get("units_expanded", row["units"])


@pytest.mark.parametrize("name", TABLES)
def test_all_units_of_a_responsible_column_lead(shared: Path, name: str) -> None:
    for row, measure in measures(shared, name):
        leads = [m.printed for m in measure.mentions if m.role == "lead"]
        assert leads == row.get("lead", row["units"])


def test_a_column_gives_the_group_and_a_heading_the_section(shared: Path) -> None:
    for row, measure in measures(shared, "zj-changjing-2026-fu2.tsv"):
        assert (measure.group, measure.section) == (row["group"], row["section"])


def test_a_heading_gives_the_group_where_no_column_does(shared: Path) -> None:
    groups = [measure.group for _, measure in measures(shared, "gbf-2018-126.lines")]
    assert groups[0] == "一、知识产权保护方面（共5项）"
    assert groups[-1] == "五、管理体制创新方面（共3项）"


def test_units_taken_from_a_merged_cell_are_remarked(shared: Path) -> None:
    draft = draft_of(shared, "zj-changjing-2026-fu2.tsv")
    remarked = {f.no for f in draft.findings if f.code == "cell-inherited"}
    assert {"29", "30", "31", "32", "52", "99"} <= remarked


def test_rows_that_were_left_out_of_the_list_are_told(shared: Path) -> None:
    for name in TABLES[:2]:
        said = [f.message for f in draft_of(shared, name).findings]
        assert "序号不连续，缺少15、16、17、18、19、20，请核对原文是否删减。" in said
        assert "标题“四、军民深度融合方面（共6项）”写明6项，表中实有0项。" in said


@pytest.mark.parametrize("name", INLINE)
def test_tasks_inside_paragraphs_are_declined_with_a_sentence(shared: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="请上传带表格的附件。"):
        draft_of(shared, name)
