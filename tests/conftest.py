"""The ground of every test: a fresh, seeded installation on each database."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings as hypothesis

from tracker.app import create_app
from tracker.config import ROOT, Settings
from tracker.db import db
from tracker.operations.initialising import initialise
from tracker.registry import accounts
from tracker.web.limits import GUESSES, Guesses

DAY = date(2026, 11, 23)
POSTGRES = os.environ.get(
    "TRACKER_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
SHARED = Path(os.environ.get("TRACKER_TEST_SHARED") or ROOT.parent / "shared")
FILE_COPY_SINCE = 150_000
PRISTINE = Path(__file__).with_name("pristine.sql")
PUT_BACK_AT_MOST = 25
OTHERS_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("untimed")
NOTHING_LEFT_OUT = os.environ.get("TRACKER_TEST_ALL") == "1"


# What takes longest begins first, so that nobody is left alone with it while the others have ended.
LONGEST = (
    "test_every_page.py",
    "test_two_schedulers.py",
    "test_any_course.py",
    "test_duties.py",
    "test_killed.py",
    "test_crash.py",
    "test_ledger.py",
    "test_history.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    """What is loaded by now stays; no collection needs to look at it again, here or in a fork."""
    gc.collect()
    gc.freeze()


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
    """Seeds one database of each kind, and copies it for every test.

    A test's own copy always has the same address, so that one application serves all of them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.template = ""
        self.own = f"tracker_test_{uuid.uuid4().hex[:12]}"
        self.puts_back_left = 0

    def own_sqlite(self) -> str:
        for left in self.folder.glob("tracker.sqlite3*"):
            left.unlink()
        return self.sqlite(self.folder)

    def own_postgres(self, server: str) -> str:
        self._seeded_template(server)
        address = _address(server, self.own)
        if self.puts_back_left and _put_back(address):
            self.puts_back_left -= 1
            return address
        self._remove(server, self.own)
        self._create(server, self.template, self.own)
        self.puts_back_left = _remember(address)
        return address

    def sqlite(self, target: Path) -> str:
        seeded = self.folder / "seeded.sqlite3"
        if not seeded.exists():
            making = self.folder / "making.sqlite3"
            _seed(f"sqlite:///{making}", self.folder)
            making.rename(seeded)
        shutil.copy(seeded, target / "tracker.sqlite3")
        return f"sqlite:///{target / 'tracker.sqlite3'}"

    def postgres(self, server: str) -> str:
        self._seeded_template(server)
        return _address(server, self._create(server, self.template))

    def empty_postgres(self, server: str) -> str:
        return _address(server, self._create(server, "template1"))

    def _seeded_template(self, server: str) -> None:
        if not self.template:
            template = self._create(server, "template1")
            _seed(_address(server, template), self.folder)
            self.template = template

    def _create(self, server: str, template: str, name: str = "") -> str:
        name = name or f"tracker_test_{uuid.uuid4().hex[:12]}"
        # Copying files is twice as fast as writing them to the log; only later servers know it.
        copied = "" if _version(server) < FILE_COPY_SINCE else " STRATEGY FILE_COPY"
        _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"{copied}')
        self.names.append(name)
        return name

    def _remove(self, server: str, name: str) -> None:
        if name in self.names:
            _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')
            self.names.remove(name)

    def drop(self, server: str) -> None:
        for name in list(self.names):
            self._remove(server, name)


@cache
def _version(server: str) -> int:
    with psycopg.connect(server) as connection:
        return connection.info.server_version


def _address(server: str, name: str) -> str:
    return f"{server.rsplit('/', 1)[0]}/{name}"


def _remember(address: str) -> int:
    """How often the database can be put back as it is: what was deleted still lies in it."""
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.info.parameter_status("is_superuser") != "on":
            return 0
        connection.execute(PRISTINE.read_bytes())
    return PUT_BACK_AT_MOST


def _put_back(address: str) -> bool:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(OTHERS_END)
        return connection.execute("SELECT pristine.put_back()").fetchone() == (True,)


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
        return _settings(databases.own_sqlite(), tmp_path)
    return _settings(databases.own_postgres(request.getfixturevalue("postgres")), tmp_path)


@contextmanager
def still_clock() -> Iterator[None]:
    """The same hour on whatever day the tests run: the year may turn, and midnight may pass."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_NOW", f"{DAY.isoformat()}T10:00")
        yield


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """The same hash, so light that a cast of many signs in at once."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", light)
        yield


_applications: dict[str, tuple[Flask, dict[str, Any]]] = {}


def application(settings: Settings, *, testing: bool = False) -> Flask:
    """One application for each address: templates and statements are compiled once a session."""
    if settings.database_url not in _applications:
        made = create_app(settings)
        _applications[settings.database_url] = made, dict(made.config)
    made, config = _applications[settings.database_url]
    made.config.clear()
    made.config.update(config | {"TRACKER": settings, "TESTING": testing})
    # Who guessed wrong in one test is not held in the next.
    made.extensions[GUESSES] = Guesses()
    return made


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over a seeded database, inside its context."""
    made = application(settings)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
