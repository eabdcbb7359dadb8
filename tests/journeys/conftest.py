"""Journeys: a real browser against a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from waitress.server import create_server

from tests.commands import TRACKER, environment
from tests.conftest import DAY, application, cheap_passwords, leave_out, still_clock
from tracker.config import Settings
from tracker.db import db, writing
from tracker.operations import demonstration

NOW = f"{DAY.isoformat()}T10:00"
# Only what fails waits so long: a page that is late on a busy machine is no fault.
expect.set_options(timeout=20_000)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium; playwright's would have to be downloaded."""
    chosen = os.environ.get("TRACKER_TEST_CHROMIUM")
    found = chosen or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        leave_out("no Chromium found on PATH or in TRACKER_TEST_CHROMIUM")
    return {"executable_path": found, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="module", autouse=True)
def _light() -> Iterator[None]:
    with cheap_passwords(), still_clock():
        yield


@pytest.fixture
def live(settings: Settings) -> Iterator[str]:
    """The address of a served installation with the people of the demonstration."""
    app = application(settings)
    with app.app_context():
        with writing():
            demonstration.people(production=False)
            db.session.commit()
        db.session.remove()
    with served(app) as address:
        yield address


@pytest.fixture
def beside(settings: Settings) -> Iterator[Flask]:
    """What others do meanwhile, on the installation that is served."""
    made = application(settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    # What is being answered is answered to the end, so that nothing of it outlives the test.
    server.task_dispatcher.shutdown(timeout=20)
    thread.join(timeout=5)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation of the demonstration, told once for all who look at it."""
    folder = tmp_path_factory.mktemp("told")
    given = environment(folder, TRACKER_NOW=NOW)
    subprocess.run([TRACKER, "init", "--demo"], env=given, check=True, capture_output=True)
    url = f"sqlite:///{folder / 'tracker.sqlite3'}"
    return Settings(instance=folder, database_url=url, secret_key="test" * 16, production=False)


@pytest.fixture(scope="module")
def told_app(told: Settings) -> Iterator[Flask]:
    """On the day for which its history is told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_NOW", NOW)
        yield application(told)


@pytest.fixture(scope="module")
def told_live(told_app: Flask) -> Iterator[str]:
    with served(told_app) as address:
        yield address


@pytest.fixture
def plain(browser: Browser, live: str) -> Iterator[Page]:
    """A browser that runs no scripts at all."""
    context = browser.new_context(base_url=live, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser, live: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live, locale="zh-CN")
    yield context
    context.close()


def sign_in(page: Page, account: str) -> None:
    page.goto("/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(demonstration.PASSWORD)
    open_by(page.get_by_role("button", name="登录"))


def open_by(where: Locator) -> None:
    """Click, and wait for the page that this opens until its scripts listen.

    A click alone does not wait: who goes on at once may break it off, find what is asked for on
    the page before, or type where no script hears it yet.
    """
    with where.page.expect_navigation():
        where.click()
