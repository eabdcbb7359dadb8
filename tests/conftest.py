"""The ground of every test: a fresh, seeded installation on each database."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tracker.app import create_app
from tracker.config import ROOT, Settings
from tracker.db import db
from tracker.operations.initialising import initialise

DAY = date(2026, 11, 23)
POSTGRES = os.environ.get(
    "TRACKER_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
SHARED = Path(os.environ.get("TRACKER_TEST_SHARED") or ROOT.parent / "shared")
NOTHING_LEFT_OUT = os.environ.get("TRACKER_TEST_ALL") == "1"


def leave_out(what: str) -> None:
    """Leave a part out and say so; where everything is required this is a failure."""
    if NOTHING_LEFT_OUT:
        pytest.fail(f"{what}, and TRACKER_TEST_ALL=1 lets nothing be left out", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source documents and samples that stand beside the repository."""
    if not (SHARED / "seeds").is_dir():
        leave_out("no source documents beside the repository")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a PostgreSQL server on which databases can be made."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=5).close()
    except psycopg.OperationalError:
        leave_out("no PostgreSQL server answers at TRACKER_TEST_POSTGRES_URL")
    return POSTGRES


class Databases:
    """Seeds one database of each kind, and copies it for every test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.template = ""

    def sqlite(self, target: Path) -> str:
        seeded = self.folder / "seeded.sqlite3"
        if not seeded.exists():
            making = self.folder / "making.sqlite3"
            _seed(f"sqlite:///{making}", self.folder)
            making.rename(seeded)
        shutil.copy(seeded, target / "tracker.sqlite3")
        return f"sqlite:///{target / 'tracker.sqlite3'}"

    def postgres(self, server: str) -> str:
        if not self.template:
            self.template = self._create(server, "template1")
            _seed(_address(server, self.template), self.folder)
        return _address(server, self._create(server, self.template))

    def _create(self, server: str, template: str) -> str:
        name = f"tracker_test_{uuid.uuid4().hex[:12]}"
        _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.names.append(name)
        return name

    def drop(self, server: str) -> None:
        for name in self.names:
            _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _address(server: str, name: str) -> str:
    return f"{server.rsplit('/', 1)[0]}/{name}"


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def _settings(url: str, folder: Path) -> Settings:
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return Settings(instance=folder, database_url=url, secret_key="test" * 16, production=False)


def _seed(url: str, folder: Path) -> None:
    app = create_app(_settings(url, folder))
    with app.app_context():
        initialise(demonstration=False, on=DAY, sources=None, say=lambda _line: None)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    if made.names:
        made.drop(POSTGRES)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Settings:
    """A seeded installation of its own, on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        return _settings(databases.sqlite(tmp_path), tmp_path)
    return _settings(databases.postgres(request.getfixturevalue("postgres")), tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over a seeded database, inside its context."""
    made = create_app(settings)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
