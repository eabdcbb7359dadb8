"""`tracker restore`: a backup goes into an installation in which nothing stands."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update

from tracker import storage
from tracker.config import Settings
from tracker.db import db, writing
from tracker.operations import archive, migrating
from tracker.operations.archive import AT_ONCE, FILES, KEPT, KEY, NEWER, Manifest, Refused
from tracker.operations.backing_up import kept_files, self_references, tables

NOT_EMPTY = "这里已有数据或文件，备份只能恢复到空的系统：请另设 TRACKER_INSTANCE 和空的数据库。"
DIFFERS = "恢复后的{}条数与备份不符，没有恢复任何内容。"


def restore(file: Path, settings: Settings) -> str:
    """All of it or nothing: read whole and compared before the first row is written."""
    manifest = archive.checked(file)
    if migrating.is_initialised() or next(kept_files(settings), None):
        raise Refused(NOT_EMPTY)
    if manifest.revision not in migrating.revisions():
        raise Refused(NEWER)
    migrating.upgrade(manifest.revision)
    try:
        _put_back(file, manifest, settings)
    except BaseException:
        for folder in settings.folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    migrating.upgrade()
    files = sum(name.startswith(FILES) for name in manifest.parts)
    count = sum(manifest.rows.values())
    return f"已恢复{count}条数据、{files}个文件，备份时间{manifest.made_at[:16]}。请重新启动服务。"


def _put_back(file: Path, manifest: Manifest, settings: Settings) -> None:
    with zipfile.ZipFile(file) as source, writing(), db.engine.begin() as connection:
        for table in tables(connection):
            _fill(connection, table, source)
            _compare(connection, table, manifest)
        for name in manifest.parts:
            if kept := KEPT.fullmatch(name):
                folder = settings.instance / kept[1]
                storage.settle(folder, storage.keep(folder, source.read(name)))
        if KEY in manifest.parts:
            _put_key(settings.instance / KEY, source.read(KEY))


def _fill(connection: Connection, table: Table, source: zipfile.ZipFile) -> None:
    """Rows that refer to others of their own table are told of them when all are there."""
    connection.execute(table.delete())
    own = [column.name for column in self_references(table)]
    rows, later = archive.rows_in(source, table), list[dict[str, Any]]()
    while some := list(islice(rows, AT_ONCE)):
        later += [_taken_out(row, own, table) for row in some if any(map(row.get, own))]
        connection.execute(insert(table), some)
    if later:
        keys = [column == bindparam(f"_{column.name}") for column in table.primary_key.columns]
        connection.execute(update(table).where(*keys), later)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)


def _taken_out(row: dict[str, Any], own: Sequence[str], table: Table) -> dict[str, Any]:
    told = {name: row[name] for name in own} | {
        f"_{column.name}": row[column.name] for column in table.primary_key.columns
    }
    row.update(dict.fromkeys(own))
    return told


def _count_on(connection: Connection, table: Table) -> None:
    """New rows get numbers behind those that were brought along."""
    for column in table.primary_key.columns:
        asked = {"table": table.name, "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), asked)
        last = connection.scalar(select(func.max(column))) if sequence else None
        if last:
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": last}
            )


def _compare(connection: Connection, table: Table, manifest: Manifest) -> None:
    found = connection.scalar(select(func.count()).select_from(table))
    if found != manifest.rows.get(table.name, 0):
        raise Refused(DIFFERS.format(table.name))


def _put_key(file: Path, key: bytes) -> None:
    """Forms and addresses that were given out stay good; private like the one it replaces."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(key)
