"""`tracker backup`: rows and files as they stood at one moment, read back before it says so."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select, text

from tracker.clock import SHANGHAI
from tracker.config import Settings
from tracker.db import db
from tracker.operations import archive
from tracker.operations.archive import FILES, FORM, KEY, MANIFEST, ROWS, Manifest, Refused
from tracker.operations.finishing import finished_file

REVISION = "alembic_version"
PRIVATE = 0o600
QUICK = 1  # most of it is documents, which are packed already
SPOILT = "已备份到 {}，但有{}个文件内容已损坏、没有备份（如 {}），请从以前的备份中找回。"


def back_up(file: Path, settings: Settings, at: datetime) -> str:
    """Refused where it would overwrite, cannot be written, or a kept file is not what it was."""
    spoilt: list[str] = []
    try:
        if file.exists():
            raise Refused(f"{file} 已经存在；备份不覆盖原有文件，请换一个文件名。")
        with finished_file(file) as temporary:
            manifest = _written(temporary, settings, at, spoilt)
            temporary.chmod(PRIVATE)
            archive.checked(temporary)
    except OSError as error:
        raise Refused(f"无法写入 {file}，请核对文件夹是否存在、是否可写。") from error
    if spoilt:
        raise Refused(SPOILT.format(file, len(spoilt), spoilt[0]))
    files = sum(name.startswith(FILES) for name in manifest.parts)
    return f"已备份{sum(manifest.rows.values())}条数据、{files}个文件到 {file}，并已读回核对。"


def _written(file: Path, settings: Settings, at: datetime, spoilt: list[str]) -> Manifest:
    """Rows first: a file is kept before the row that refers to it is committed."""
    parts: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as made:
        with _one_moment() as connection:
            revision, rows = _rows(connection, made, parts)
        for path, name in kept_files(settings):
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == path.name:
                parts[name] = archive.put(made, name, [data])
            else:
                spoilt.append(name.removeprefix(FILES))
        if (key := settings.instance / KEY).exists():
            parts[KEY] = archive.put(made, KEY, [key.read_bytes()])
        moment = at.astimezone(SHANGHAI).isoformat()
        told = Manifest(form=FORM, made_at=moment, revision=revision, rows=rows, parts=parts)
        made.writestr(MANIFEST, told.as_json())
    return told


def _one_moment() -> Connection:
    """A transaction that sees what stood as it began, however long it reads."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _rows(
    connection: Connection, made: zipfile.ZipFile, parts: dict[str, str]
) -> tuple[str, dict[str, int]]:
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    counted: dict[str, int] = {}
    for table in tables(connection):
        name = f"{ROWS}{table.name}.jsonl"
        parts[name] = archive.put(made, name, archive.lines_of(connection, table))
        query = select(func.count()).select_from(table)
        counted[table.name] = connection.scalar(query) or 0
    return str(revision), counted


def tables(connection: Connection) -> list[Table]:
    """As they stand in the database, which may be older than the models; owners come first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != REVISION]


def kept_files(settings: Settings) -> Iterator[tuple[Path, str]]:
    """Each file that an installation keeps, and its name in a backup; also those just come in."""
    found = {
        f"{FILES}{folder.name}/{path.name}": path
        for folder in settings.folders
        for path in folder.glob("*/*")
    }
    yield from ((found[name], name) for name in sorted(found) if archive.KEPT.fullmatch(name))


def self_references(table: Table) -> list[Any]:
    """Columns that refer to other rows of the same table."""
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
