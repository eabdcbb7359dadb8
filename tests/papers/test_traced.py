"""Every number of a paper is marked, and its mark leads to what it counts: a list or annex rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.table import Table

from tests.cast import OFFICE, Desk, unit
from tests.papers.test_official import asked, keep, marks, read, three
from tests.supervision.test_bulletins import AS_OF
from tracker.difficulties.kinds import KINDS
from tracker.difficulties.states import SETTLED, STATES
from tracker.papers.keeping import of_day
from tracker.papers.made import SITUATION, told_first
from tracker.papers.models import Paper
from tracker.supervision.drafting import COUNTED
from tracker.supervision.snapshots import OVERDUE

__all__ = ["three"]
COUNT = re.compile(r"\d+(?=项|件|个单位|个工作日)")
ROW = re.compile(r"_(?:longest_)?o(\d+)|_d(\d+)")
PLACE = "序号"


def unmarked(element: Any) -> str:
    """The words that stand in no bookmark."""
    words, depth = "", 0
    for one in element.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:t")):
        depth += {qn("w:bookmarkStart"): 1, qn("w:bookmarkEnd"): -1}.get(one.tag, 0)
        words += one.text if one.tag == qn("w:t") and not depth else ""
    return words


def bare_cells(table: Table) -> Iterator[str]:
    """Numbers in an annex that have no mark, in rows that tell of no one record."""
    heads = [cell.text for cell in table.rows[0].cells]
    for row in table.rows[1:]:
        is_record = any(ROW.fullmatch(mark) for mark in names_in(row._tr))
        for head, cell in zip(heads, row.cells, strict=True):
            if not is_record and head != PLACE and unmarked(cell._tc).isdecimal():
                yield f"{row.cells[1].text} {head} {cell.text}"


def names_in(element: Any) -> list[str]:
    return [one.get(qn("w:name")) for one in element.iter(qn("w:bookmarkStart"))]


def test_no_number_stands_without_a_mark(three: list[Paper], tmp_path: Path) -> None:
    for kept in three:
        paper = read(kept, tmp_path)
        for paragraph in paper.paragraphs:
            assert not COUNT.search(unmarked(paragraph._p)), paragraph.text
        for table in paper.tables:
            assert list(bare_cells(table)) == []


def test_every_mark_leads_to_as_many_as_it_says(three: list[Paper], tmp_path: Path) -> None:
    for kept in three:
        paper = read(kept, tmp_path)
        held = marks(paper)
        annexed = in_annexes(paper) if kept.kind == SITUATION else Counter[str]()
        for mark, value in held.items():
            if ROW.fullmatch(mark):
                assert mark.removeprefix("_longest") in held
                continue
            counted = kept.figures[told_first(mark)]
            assert value == str(counted["value"]), mark
            listed = annexed[mark] if counted["ids"] is None else len(counted["ids"])
            assert listed == counted["value"], mark


def test_what_must_be_coordinated_is_counted_in_the_annex(desk: Desk, tmp_path: Path) -> None:
    asked(desk, AS_OF)
    kept = of_day(unit(OFFICE).id, AS_OF, "province", keep(tmp_path))
    test_every_mark_leads_to_as_many_as_it_says([kept], tmp_path)
    test_no_number_stands_without_a_mark([kept], tmp_path)


def in_annexes(paper: Any) -> Counter[str]:
    """The figures that are told by the rows of an annex, counted there."""
    by_notice, by_unit, *more = ([*rows_of(table)] for table in paper.tables)
    found = Counter({"_notices": len(by_notice) - 1})  # below them stands their sum
    found["_late_units"] = sum(row[COUNTED[OVERDUE]] != "0" for row in by_unit)
    for row in more[0] if more else ():
        if row["状态"] == STATES[SETTLED]:
            found["_d_settled"] += 1
            continue
        names = [*names_of(STATES, row["状态"]), *names_of(KINDS, row["类别"]), "open"]
        found.update(f"_d_{name}" for name in names)
        found["_d_important"] += "【重要情况】" in row["需协调的困难和问题"]
    return found


def rows_of(table: Table) -> Iterator[dict[str, str]]:
    heads, *rows = ([cell.text for cell in row.cells] for row in table.rows)
    return (dict(zip(heads, row, strict=True)) for row in rows)


def names_of(words: Mapping[str, str], word: str) -> list[str]:
    return [name for name, known in words.items() if known == word]
