"""The WSGI door, opened as a server opens it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tracker.config import ROOT

KEY = "k" * 32


def opened(instance: Path, program: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "TRACKER_INSTANCE": str(instance), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_any_server_finds_the_application(tmp_path: Path) -> None:
    asked = "import wsgi; print(wsgi.application.test_client().get('/healthz').status_code)"
    assert opened(tmp_path, asked).stdout.strip() in {"200", "503"}


def test_a_demonstration_is_not_served_in_earnest(tmp_path: Path) -> None:
    init = "from tracker.cli import main; main(['init', '--demo'])"
    assert opened(tmp_path, init).returncode == 0
    refused = opened(tmp_path, "import wsgi", TRACKER_ENV="production", TRACKER_SECRET_KEY=KEY)
    assert refused.returncode != 0
    assert "演示环境" in refused.stderr
