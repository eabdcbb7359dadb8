"""Files that cannot be read get one sentence that says what to do, and never anything else."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.notices.hostile import HOSTILE, workbook_with_far_cells
from tests.notices.rewriting import FORMATS
from tests.notices.tables import FIRST, HEADER, ROWS, html, line, stacked, table
from tracker.notices.reading.document import read
from tracker.notices.reading.files import LARGEST, Unreadable
from tracker.operations.importing import bytes_of

WORDS = [
    *HEADER,
    *FIRST,
    "",
    "１",
    "2.",
    "（3）",
    "一、",
    "（一）某某（9项）",
    "责任单位：",
    "99999999",
]


def outcome(data: bytes) -> str:
    """The sentence a file is declined with; empty where it is read."""
    try:
        read(data)
    except Unreadable as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("name", HOSTILE)
def test_it_declines_with_a_sentence(name: str) -> None:
    make, word = HOSTILE[name]
    said = outcome(make())
    assert word in said
    assert said.endswith("。")


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.docx"
    with file.open("wb") as sparse:
        sparse.truncate(200 << 20)
    with pytest.raises(Unreadable, match="超过 20 MB"):
        bytes_of(file)
    assert file.stat().st_size > LARGEST


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"gone\.docx"):
        bytes_of(tmp_path / "gone.docx")


def test_far_cells_do_not_end_the_process(tmp_path: Path) -> None:
    file = tmp_path / "far.xlsx"
    file.write_bytes(workbook_with_far_cells())
    program = (
        "import sys; from pathlib import Path; from tracker.notices.reading.document import *\n"
        "try: read(Path(sys.argv[1]).read_bytes())\nexcept Unreadable as said: print(said)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, str(file)], capture_output=True, check=True
    )
    assert "范围过大" in done.stdout.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert read(table(*ROWS).encode(encoding)).lists == read(table(*ROWS).encode()).lists


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_declined(data: bytes) -> None:
    outcome(data)


@given(
    st.sampled_from([b"PK\x03\x04", b"<html>", b"<table>", b"\xff\xfe", b"%PDF", b"{"]), st.binary()
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_behind_a_known_beginning_are_read_or_declined(mark: bytes, data: bytes) -> None:
    outcome(mark + data)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), max_size=14))
@settings(max_examples=300, deadline=None)
def test_any_rows_of_table_words_are_read_or_declined(rows: list[list[str]]) -> None:
    text = "\n".join([line(HEADER), *map(line, rows)])
    for made in (text, text.replace("\t", "\n"), html(*rows)):
        outcome(made.encode())


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_lines_lost_or_doubled_or_mixed_are_read_or_declined(chance: random.Random) -> None:
    for text in (table(*ROWS), stacked(*ROWS), html(*ROWS).replace("<", "\n<")):
        lines = text.split("\n")
        for _ in range(chance.randint(1, 6)):
            at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[at : at + 1] = chance.choice([[], [lines[at]] * 2, [lines[other]]])
            lines = lines or [""]
        outcome("\n".join(lines).encode())


@pytest.mark.parametrize("form", FORMATS)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_changed_inside_a_file_are_read_or_declined(form: str, chance: random.Random) -> None:
    data = bytearray(FORMATS[form](read(table(*ROWS).encode())))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    outcome(bytes(data))
