"""The commands for people, jobs and the log, as an operator runs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands import Ended, commands
from tracker.config import Settings

Run = Callable[..., Ended]
ADD = ("user", "add", "xin1", "新人", "--unit", "省税务局", "--role", "filer")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with commands(tmp_path_factory.mktemp("commands")) as made:
        yield made.run


@pytest.fixture
def tracker(settings: Settings, run: Run) -> Run:
    def command(*words: str | Path) -> Ended:
        return run(settings.instance, *words, TRACKER_DATABASE_URL=settings.database_url)

    return command


def test_a_person_is_added_locked_unlocked_and_reset(tracker: Run) -> None:
    told = [tracker(*ADD), *(tracker("user", act, "xin1") for act in ("lock", "unlock", "reset"))]
    assert [one.returncode for one in told] == [0] * 4
    assert "初始密码" in told[0].stdout
    assert "初始密码" in told[3].stdout


def test_what_cannot_be_is_refused_with_one_sentence(tracker: Run) -> None:
    tracker(*ADD)
    again, nobody = tracker(*ADD), tracker("user", "lock", "nobody")
    assert (again.returncode, nobody.returncode) == (1, 1)
    assert "已有人使用" in again.stderr
    assert nobody.stderr == "没有这个账号，请核对。\n"


def test_the_log_is_sealed_by_its_job_and_verified(tracker: Run) -> None:
    tracker(*ADD)
    sealed = tracker("run-job", "seal-audit", "--on", "2026-11-23", "--json")
    assert json.loads(sealed.stdout) == {"job": "seal-audit", "day": "2026-11-23", "sealed": 1}
    assert tracker("audit", "verify").stdout == "已核验1条，前后相连，没有发现改动。\n"


def test_the_tally_is_checked_by_its_job(tracker: Run) -> None:
    told = tracker("run-job", "check-tally", "--on", "2026-11-23", "--json")
    assert json.loads(told.stdout)["differences"] == 0
    assert told.stderr.startswith(
        "没有设置 TRACKER_BASE_URL，消息中的链接将指向 http://127.0.0.1:8000；"
    )


def test_a_job_for_a_day_that_has_not_come_warns_and_is_done(tracker: Run) -> None:
    told = tracker("run-job", "sweep-evidence", "--on", "2100-01-04", "--json")
    assert json.loads(told.stdout)["day"] == "2100-01-04"
    assert told.stderr.startswith(
        "2100年1月4日还没有到：现在就会按那一天办理，该发的消息会真的发出；"
    )
    assert tracker("run-job", "sweep-evidence", "--on", "2026-11-23").stderr == ""


def succeed(tracker: Run, *more: str) -> Ended:
    units = ("succeed", "省税务局", "广东海事局")
    return tracker(*units, "--on", "2020-01-01", "--kind", "merge", *more)


def test_a_reorganisation_is_previewed_carried_out_and_undone(tracker: Run) -> None:
    told = [succeed(tracker, more) for more in ("--preview", "--source=方案", "--undo")]
    assert [one.returncode for one in told] == [0] * 3
    assert "预览，没有写入" in told[0].stdout
    again = succeed(tracker, "--undo")
    assert (again.returncode, "没有登记职责承接" in again.stderr) == (1, True)


def test_a_unit_nobody_knows_is_refused_with_one_sentence(tracker: Run) -> None:
    ended = tracker("succeed", "省税务局", "没有的局", "--on", "2026-01-01", "--kind", "merge")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "名录中没有“没有的局”" in ended.stderr


def test_uploads_that_nothing_refers_to_are_swept_by_a_job(tracker: Run) -> None:
    ended = tracker("run-job", "sweep-evidence", "--on", "2026-11-24", "--json")
    assert json.loads(ended.stdout)["removed"] == 0
