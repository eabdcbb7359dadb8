"""The form of a backup: one archive with every row and file, and a manifest of what each must be.

Rows are lines of JSON, the same from both databases, so that what came from SQLite goes back into
PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, select

FORM = 1
MANIFEST = "manifest.json"
ROWS, FILES, KEY = "rows/", "files/", "secret.key"
KEPT = re.compile(f"{FILES}(evidence|papers|sources)/([0-9a-f]{{64}})")
AT_ONCE = 1_000
PIECE = 1024 * 1024
NO_BACKUP = "{} 不是本系统的备份文件，没有恢复任何内容。"
DAMAGED = "备份文件 {} 已损坏（{}），没有恢复任何内容，请换用其他备份。"
NEWER = "备份来自更新的程序，请先把程序升级到同一版本，再恢复。"


class Refused(Exception):
    """No backup can be made or taken back; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`parts` are SHA-256 by name; `revision` is the migration that the rows belong to."""

    form: int
    made_at: str
    revision: str
    rows: dict[str, int]
    parts: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write one part and return its hash."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for piece in pieces:
            digest.update(piece)
            part.write(piece)
    return digest.hexdigest()


def checked(file: Path) -> Manifest:
    """What the archive holds, once every part of it was read and is what it must be."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _checked(archive, file)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise Refused(NO_BACKUP.format(file)) from error


def _checked(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(NO_BACKUP.format(file)) from error
    if manifest.form > FORM:
        raise Refused(NEWER)
    if sorted(archive.namelist()) != sorted([*manifest.parts, MANIFEST]):
        raise Refused(DAMAGED.format(file, "内容有缺少或多余"))
    for name, digest in manifest.parts.items():
        if name.startswith(FILES) and not KEPT.fullmatch(name):
            raise Refused(DAMAGED.format(file, name))
        if _digest(archive, name) != digest:
            raise Refused(DAMAGED.format(file, name))
    return manifest


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error):
        return ""
    return digest.hexdigest()


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The names of the columns, then a line for each row."""
    yield _line([column.name for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield _line([_plain(value) for value in row])


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    """SQLite hands moments back without a zone, PostgreSQL in that of the server."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def rows_in(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(f"{ROWS}{table.name}.jsonl") as part:
        names = json.loads(next(part))
        read = [_reader(table.columns[name]) for name in names]
        for line in part:
            values = json.loads(line)
            yield {
                name: None if value is None else of(value)
                for name, of, value in zip(names, read, values, strict=True)
            }


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    return base64.b64decode if kind is bytes else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
