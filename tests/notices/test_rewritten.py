"""The sources rewritten as Word documents, workbooks and web pages read to the same measures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.notices.ground import SOURCES, bare
from tests.notices.layout import laid_out
from tests.notices.rewriting import FORMATS
from tracker.notices.reading.document import Reading, ReadList, ReadMeasure, read
from tracker.notices.reading.lines import NOWHERE

EACH = pytest.mark.parametrize("form", FORMATS)
SOURCE = pytest.mark.parametrize("number", SOURCES)
# Findings that tell of the layout, which is not the source's own.
OF_LAYOUT = ("page-join", "cell-inherited")


def plain(measure: ReadMeasure) -> ReadMeasure:
    """Without its place, and without the layout's own white space."""
    fields = ("title", "content", "group", "section", "units_raw", "scope_raw", "note")
    return replace(
        measure, place=NOWHERE, **{name: bare(getattr(measure, name)) for name in fields}
    )


def lists_of(reading: Reading) -> list[ReadList]:
    return [
        replace(listed, measures=tuple(map(plain, listed.measures))) for listed in reading.lists
    ]


def codes_of(reading: Reading) -> Counter[str]:
    return Counter(f.code for f in reading.findings if f.code not in OF_LAYOUT)


@pytest.fixture(scope="module")
def rewritten(readings: dict[str, Reading]) -> dict[tuple[str, str], Reading]:
    return {
        (number, form): read(write(reading))
        for number, reading in readings.items()
        for form, write in FORMATS.items()
    }


Rewritten = dict[tuple[str, str], Reading]


@EACH
@SOURCE
def test_every_field_of_every_measure_is_the_same(
    readings: dict[str, Reading], rewritten: Rewritten, number: str, form: str
) -> None:
    known = [replace(listed, first_leads=False) for listed in lists_of(readings[number])]
    for seamed in (m for listed in known for m in listed.measures if m.units_seams):
        assert seamed.no == "5"
    assert lists_of(rewritten[number, form]) == known


@EACH
@SOURCE
def test_the_notices_are_the_same_with_title_number_day_and_body(
    readings: dict[str, Reading], rewritten: Rewritten, number: str, form: str
) -> None:
    assert rewritten[number, form].notices == readings[number].notices


@EACH
@SOURCE
def test_nothing_is_found_that_the_source_does_not_show(
    readings: dict[str, Reading], rewritten: Rewritten, number: str, form: str
) -> None:
    assert codes_of(rewritten[number, form]) == codes_of(readings[number])


@EACH
@SOURCE
def test_rows_cut_by_the_new_page_breaks_are_remarked(
    readings: dict[str, Reading], rewritten: Rewritten, number: str, form: str
) -> None:
    measures = [listed.measures for listed in readings[number].lists]
    cut = sum(
        len([m for at, m in enumerate(own) if at % 7 == 3 or m.units_seams]) for own in measures
    )
    assert sum(f.code == "page-join" for f in rewritten[number, form].findings) == cut


@SOURCE
def test_a_place_in_a_file_names_sheet_and_row(rewritten: Rewritten, number: str) -> None:
    starts = {"docx": "表格", "xlsx": "清单", "html": "表格"}
    for form, start in starts.items():
        for listed in rewritten[number, form].lists:
            for measure in listed.measures:
                assert measure.place.line is None
                assert (measure.place.sheet or "").startswith(start)
                assert measure.place.row


def test_the_layout_sets_the_traps_it_promises(readings: dict[str, Reading]) -> None:
    rows = [row for page in laid_out(readings["003"])[0].pages for row in page.rows]
    assert sum(bool(row[0] and row[0].text == "序号") for row in rows) > 5
    assert any(cell and cell.high > 1 for row in rows for cell in row)
    assert any(row[0] and not row[0].text for row in rows)
