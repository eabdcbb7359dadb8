"""Files are kept under their hash: whole or not at all, and once."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tracker.config import ROOT
from tracker.storage import fetch, keep, settle

DATA = "任务分工表".encode() * 50_000


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_hash_and_comes_back_whole(tmp_path: Path) -> None:
    digest = keep(tmp_path, DATA)
    assert digest == hashlib.sha256(DATA).hexdigest()
    assert fetch(tmp_path, digest) == DATA


def test_the_same_bytes_are_kept_once_and_not_written_again(tmp_path: Path) -> None:
    settle(tmp_path, keep(tmp_path, DATA))
    [kept] = files(tmp_path)
    before = kept.stat()
    keep(tmp_path, DATA)
    assert files(tmp_path) == [kept]
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_nobody_but_the_installation_may_read_it(tmp_path: Path) -> None:
    keep(tmp_path, DATA)
    [kept] = files(tmp_path)
    assert kept.stat().st_mode & 0o077 == 0


def test_many_at_once_keep_one_whole_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        [digest] = set(pool.map(lambda _: keep(tmp_path, DATA), range(32)))
    assert len(files(tmp_path)) == 1
    assert fetch(tmp_path, digest) == DATA


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = on_a_full_disk(tmp_path, "SIG_IGN")
    assert "File too large" in ended.stderr.decode()
    assert files(tmp_path) == []


def test_a_process_killed_while_writing_leaves_no_file_under_the_hash(tmp_path: Path) -> None:
    ended = on_a_full_disk(tmp_path, "SIG_DFL")
    assert ended.returncode == -signal.SIGXFSZ
    assert hashlib.sha256(DATA).hexdigest() not in [file.name for file in files(tmp_path)]
    assert fetch(tmp_path, keep(tmp_path, DATA)) == DATA


def on_a_full_disk(folder: Path, disposition: str) -> subprocess.CompletedProcess[bytes]:
    """Keep the data where a file may have 1,000 bytes: an error, or death in the middle."""
    program = (
        "import resource, signal, sys; from pathlib import Path; from tracker.storage import keep;"
        f"signal.signal(signal.SIGXFSZ, signal.{disposition});"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "keep(Path(sys.argv[1]), '任务分工表'.encode() * 50_000)"
    )
    command = [sys.executable, "-B", "-c", program, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
