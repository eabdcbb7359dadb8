"""Files an installation keeps, named by their SHA-256 in its own folder, never in the web root."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def keep(folder: Path, data: bytes) -> str:
    """Store the bytes once and return their hash; a crash leaves either nothing or the whole."""
    digest = hashlib.sha256(data).hexdigest()
    target = folder / digest[:2] / digest
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest


def fetch(folder: Path, digest: str) -> bytes:
    return (folder / digest[:2] / digest).read_bytes()
