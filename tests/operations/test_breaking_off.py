"""An import that breaks off anywhere leaves either all of it or nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.operations.documents import (
    DAY,
    NOW,
    contents,
    described,
    document,
    take_in,
    written,
)
from tests.statements import Broken, asked, broken_at
from tracker.config import ROOT, Settings
from tracker.db import db, writing
from tracker.operations import importing

SEED = 20261123
ROUNDS = 10
ROWS = [
    f"{number}\t推行第{number}件事项\t做法。\t省税务局、省公安厅\t全省范围"
    for number in range(1, 31)
]
# Each run of the command is a process of its own that kills itself at its point: before the
# nth statement, or (0) when everything is done but the commit.
KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from tracker.cli import main
import tests.frozen

def killed_at(point):
    def step(*_):
        nonlocal point
        point -= 1
        if point == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    if point:
        event.listen(Engine, "before_cursor_execute", step)
    else:
        event.listen(Engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    main()

for point in map(int, sys.argv.pop(1).split(",")):
    child = os.fork()
    if child == 0:
        killed_at(point)
    print(os.WTERMSIG(os.waitpid(child, 0)[1]))
"""


def kill(settings: Settings, points: list[int], words: list[str]) -> list[str]:
    """The signals by which the runs ended."""
    environment = {
        **os.environ,
        "TRACKER_INSTANCE": str(settings.instance),
        "TRACKER_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-c", KILLED, ",".join(map(str, points)), *words]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    return ended.stdout.decode().split()


def statements(file: Path, head: Path) -> int:
    """How many statements the import takes, found by one that is given up at its end."""
    with asked() as seen, writing():
        importing.confirm_file(file, on=DAY, at=NOW, notice=head)
        db.session.rollback()
    db.session.remove()
    return len(seen)


@pytest.mark.parametrize("table", ["source", "notice", "measure", "mention", "reach", "task"])
def test_a_failure_at_any_table_leaves_nothing(app: Flask, tmp_path: Path, table: str) -> None:
    before = contents()
    file, head = written(tmp_path, document(*ROWS)), described(tmp_path)
    with broken_at(f"INSERT INTO {table} "), pytest.raises(Broken):
        take_in(file, head)
    assert contents() == before
    take_in(file, head)
    assert len(contents()["task"]) == len(before["task"]) + 30 * (2 + 21)


def test_a_failure_while_text_is_filled_in_leaves_the_old_text(app: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(*ROWS)), described(tmp_path))
    before = contents()
    edition = written(tmp_path, document(*ROWS).replace("做法", "新做法"))
    with broken_at("DELETE FROM remark"), pytest.raises(Broken):
        take_in(edition)
    assert contents() == before


def test_a_killed_process_leaves_nothing_and_the_next_one_does_it_all(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    file, head = written(tmp_path, document(*ROWS)), described(tmp_path)
    words = ["import", str(file), "--notice", str(head)]
    before, last = contents(), statements(file, head)
    points = [*random.Random(SEED).sample(range(1, last), ROUNDS), last, 0]
    assert kill(settings, points, words) == [str(int(signal.SIGKILL))] * len(points)
    assert contents() == before
    take_in(file, head)
    assert len(contents()["task"]) == len(before["task"]) + 30 * (2 + 21)
