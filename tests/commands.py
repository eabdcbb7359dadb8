"""Runs the `tracker` command many times without loading its libraries as often.

One process loads the program and forks for each command: what runs is a process of its own all
the same, with its own environment, output and exit code. It ends without being taken down, which
would touch, and so copy, all that it shares with the first one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.config import ROOT

TRACKER = Path(sys.executable).with_name("tracker")
SERVER = """
import json, os, sys
from tracker.cli import main
import tests.frozen

def run():
    try:
        main()
    except SystemExit as ended:
        return ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(asked["environment"])
        for number, file in enumerate(asked["files"]):
            os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
        sys.argv = ["tracker", *asked["words"]]
        os._exit(run())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Ended = subprocess.CompletedProcess[str]


class Commands:
    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        self._server = server
        self._files = [folder / name for name in ("in", "out", "err")]

    def run(self, instance: Path, *words: str | Path, **more: str) -> Ended:
        """One command, with no settings but those that are given."""
        asked = {
            "environment": environment(instance, **more),
            "files": [str(file) for file in self._files],
            "words": [str(word) for word in words],
        }
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        _, out, err = (file.read_text("utf-8") for file in self._files)
        return subprocess.CompletedProcess(asked["words"], code, out, err)


@contextmanager
def commands(folder: Path) -> Iterator[Commands]:
    command = [sys.executable, "-c", SERVER]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
        yield Commands(server, folder)
        server.communicate()


def environment(instance: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return {**kept, "TRACKER_INSTANCE": str(instance), **more}
