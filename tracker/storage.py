"""Files an installation keeps, named by their SHA-256 in its own folder, never in the web root.

A file comes in two steps, so that a crash leaves neither a file without its row nor a row without
its file: it is whole in `incoming/` before its row is committed, and moves to its place after.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

INCOMING = "incoming"


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep found: files whose row is there, and files that nothing refers to."""

    settled: int
    removed: int


def keep(folder: Path, data: bytes) -> str:
    """Store the bytes and return their hash, before anything that refers to them is committed."""
    digest = hashlib.sha256(data).hexdigest()
    if _place(folder, digest).exists():
        return digest
    waiting = folder / INCOMING
    waiting.mkdir(parents=True, exist_ok=True)
    # Written anew even if it waits there already: its age then tells a sweep that it is in use.
    handle, temporary = tempfile.mkstemp(dir=waiting)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(waiting / digest)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _fsync(waiting)
    return digest


def settle(folder: Path, digest: str) -> None:
    """What refers to the file is committed: it moves to its place. Again changes nothing."""
    place = _place(folder, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        (folder / INCOMING / digest).replace(place)
    except FileNotFoundError:
        if not place.exists():
            raise
    _fsync(place.parent)


def fetch(folder: Path, digest: str) -> bytes:
    """From its place, or from where it waits if a crash kept it there."""
    for path in (_place(folder, digest), folder / INCOMING / digest):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            continue
    # It may have moved between the two looks.
    return _place(folder, digest).read_bytes()


def is_kept(folder: Path, digest: str) -> bool:
    return any(path.exists() for path in (_place(folder, digest), folder / INCOMING / digest))


def sweep(folder: Path, known: Collection[str], older_than: datetime) -> Swept:
    """Settle what a crash left waiting, and remove what nothing refers to.

    Younger files are left alone: their row may be about to be committed.
    """
    settled = removed = 0
    for path in sorted((folder / INCOMING).glob("*")):
        if not _is_older(path, older_than):
            continue
        if path.name in known:
            settle(folder, path.name)
            settled += 1
        else:
            path.unlink(missing_ok=True)
            removed += 1
    return Swept(settled=settled, removed=removed)


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False  # settled by another process meanwhile


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _fsync(folder: Path) -> None:
    """A rename is on disk only when its folder is. Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
