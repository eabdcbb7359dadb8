"""A file that an operator asked for: it appears when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def finished_file(out: Path) -> Iterator[Path]:
    """A new file beside the wanted one, put into its place when it is whole."""
    beside = tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        temporary = Path(beside) / out.name
        yield temporary
        os.replace(temporary, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
