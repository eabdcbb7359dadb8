"""`tracker backup` and `restore`: what goes in comes out, in the other kind of database as well."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.cast import STARTED, TAX, Desk, moment, owed, task_of, unit
from tests.conftest import Databases, _settings
from tests.statements import Broken, broken_at
from tracker import storage
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db
from tracker.operations.archive import MANIFEST, Refused, checked
from tracker.operations.backing_up import back_up, kept_files
from tracker.operations.restoring import restore
from tracker.registry.models import Person

AT = moment(STARTED, 12)
PROOF = b"%PDF-1.7 proof"


@pytest.fixture(scope="module")
def source(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A seeded installation that keeps a file."""
    folder = tmp_path_factory.mktemp("source")
    app = create_app(_settings(databases.sqlite(folder), folder))
    storage.settle(chosen(app).evidence, storage.keep(chosen(app).evidence, PROOF))
    with inside(app):
        yield app


@pytest.fixture(scope="module")
def made(source: Flask) -> bytes:
    file = chosen(source).instance / "made.zip"
    assert "1个文件" in back_up(file, chosen(source), AT)
    return file.read_bytes()


@pytest.fixture
def backup(made: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "backup.zip"
    file.write_bytes(made)
    return file


@pytest.fixture(params=["sqlite"])
def bare(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Flask:
    """An installation in which nothing stands."""
    folder = tmp_path / "bare"
    folder.mkdir()
    url = f"sqlite:///{folder / 'tracker.sqlite3'}"
    if request.param == "postgresql":
        url = databases.empty_postgres(request.getfixturevalue("postgres"))
    return create_app(_settings(url, folder))


def chosen(app: Flask) -> Settings:
    kept: Settings = app.config["TRACKER"]
    return kept


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("settings", "bare"), [("sqlite", "postgresql"), ("postgresql", "sqlite")], indirect=True
)
def test_what_was_backed_up_stands_in_the_other_kind_of_database(
    alone: Desk, bare: Flask, tmp_path: Path
) -> None:
    """Also the key: forms and addresses that were given out stay good."""
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    for app, key in ((alone.app, "old" * 20), (bare, "new" * 20)):
        (chosen(app).instance / "secret.key").write_text(key)
    alone.submit(owed(task_of(TAX)), STARTED)
    file = alone.upload(PROOF).sha256
    db.session.commit()
    storage.settle(chosen(alone.app).evidence, file)
    back_up(one, chosen(alone.app), AT)
    with inside(bare):
        assert "备份时间2026-01-01T12:00" in restore(one, chosen(bare))
        assert storage.fetch(chosen(bare).evidence, file) == PROOF
        back_up(other, chosen(bare), AT)
        assert checked(other).parts == checked(one).parts
        person = Person(account="new", name="新", unit_id=unit(TAX).id, password_hash="-")
        db.session.add(person)
        db.session.flush()
    assert one.stat().st_mode & 0o077 == 0


def test_an_installation_in_which_something_stands_takes_no_backup(
    backup: Path, source: Flask, bare: Flask
) -> None:
    with pytest.raises(Refused, match="这里已有数据或文件"):
        restore(backup, chosen(source))
    folder = chosen(bare).evidence
    storage.settle(folder, storage.keep(folder, b"another"))
    with inside(bare), pytest.raises(Refused, match="这里已有数据或文件"):
        restore(backup, chosen(bare))


@pytest.mark.parametrize("bare", ["sqlite", "postgresql"], indirect=True)
def test_a_restore_that_breaks_off_leaves_nothing_and_can_be_repeated(
    backup: Path, bare: Flask
) -> None:
    with inside(bare):
        with broken_at("INSERT INTO reach"), pytest.raises(Broken):
            restore(backup, chosen(bare))
        assert not list(kept_files(chosen(bare)))
        assert "1个文件" in restore(backup, chosen(bare))


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def changed(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def nothing(_data: bytes) -> bytes:
    return b"nothing"


@pytest.mark.parametrize("spoil", [cut, changed, nothing])
def test_a_damaged_backup_is_recognised_before_anything_is_written(
    backup: Path, bare: Flask, spoil: Callable[[bytes], bytes]
) -> None:
    backup.write_bytes(spoil(backup.read_bytes()))
    with inside(bare), pytest.raises(Refused, match="没有恢复任何内容"):
        restore(backup, chosen(bare))
    assert not list(kept_files(chosen(bare)))


def with_manifest(file: Path, **values: object) -> None:
    told = json.loads(zipfile.ZipFile(file).read(MANIFEST)) | values
    with zipfile.ZipFile(file) as whole:
        held = {name: whole.read(name) for name in whole.namelist() if name != MANIFEST}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, json.dumps(told))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"form": 2}, "请先把程序升级"),
        ({"revision": "9999"}, "请先把程序升级"),
        ({"parts": {}}, "内容有缺少或多余"),
        ({"made_by": "x"}, "不是本系统的备份文件"),
    ],
)
def test_a_backup_of_another_program_is_refused(
    backup: Path, bare: Flask, values: dict[str, object], said: str
) -> None:
    with_manifest(backup, **values)
    with inside(bare), pytest.raises(Refused, match=said):
        restore(backup, chosen(bare))


def test_a_file_that_is_not_what_it_was_is_named_and_left_out(
    source: Flask, made: bytes, tmp_path: Path
) -> None:
    (path,) = [path for path, _ in kept_files(chosen(source))]
    path.write_bytes(b"%PDF-1.7 other")
    with pytest.raises(Refused, match=f"有1个文件内容已损坏、没有备份（如 evidence/{path.name}"):
        back_up(tmp_path / "second.zip", chosen(source), AT)
    path.write_bytes(PROOF)
    assert not [name for name in checked(tmp_path / "second.zip").parts if path.name in name]


def test_a_backup_overwrites_nothing(source: Flask, backup: Path, made: bytes) -> None:
    with pytest.raises(Refused, match="已经存在；备份不覆盖原有文件，请换一个文件名。"):
        back_up(backup, chosen(source), AT)
    assert backup.read_bytes() == made


def test_a_backup_into_no_folder_is_refused(source: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="无法写入"):
        back_up(tmp_path / "missing" / "b.zip", chosen(source), AT)
