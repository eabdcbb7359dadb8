"""Web tests: a site of its own for every test, and a cast that really signs in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.conftest import application, cheap_passwords, still_clock
from tracker.config import Settings
from tracker.db import db, writing
from tracker.operations import demonstration
from tracker.permissions import REVIEWER
from tracker.registry import accounts
from tracker.registry.models import Unit

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
MISPLACED = "cuowei1"


def sent(data: dict[str, Any]) -> dict[str, Any]:
    """The body of a post. Files go without the temporary file that the test client leaves open."""
    parts = {name: [filed(one) for one in values(value)] for name, value in data.items()}
    if not any(isinstance(one, FileStorage) for part in parts.values() for one in part):
        return {"data": data}
    boundary, body = encode_multipart(parts)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def filed(value: Any) -> Any:
    return FileStorage(value[0], filename=value[1]) if isinstance(value, tuple) else value


class Visit:
    """One browser: it keeps its cookies, and sends the token that a form would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str) -> TestResponse:
        return self.client.get(url, buffered=True)

    def page(self, url: str) -> str:
        response = self.client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response.text

    def post(self, url: str, *, form: str = "/password", **data: Any) -> TestResponse:
        """Post as from the page `form`, which carries a token."""
        token = TOKEN.search(self.client.get(form).text)
        data["csrf_token"] = token[1] if token else ""
        return self.client.post(url, **sent(data))

    def sign_in(self, account: str, password: str = demonstration.PASSWORD) -> TestResponse:
        return self.post("/sign-in", form="/sign-in", account=account, password=password)


@pytest.fixture(scope="module", autouse=True)
def _light() -> Iterator[None]:
    with cheap_passwords(), still_clock():
        yield


@pytest.fixture
def site(settings: Settings) -> Iterator[Flask]:
    """The application with the people of the demonstration; every request has its own context."""
    made = application(settings, testing=True)
    with made.app_context():
        with writing():
            demonstration.people(production=False)
            _misplaced()
            db.session.commit()
        db.session.remove()
    yield made
    with made.app_context():
        db.engine.dispose()


def _misplaced() -> None:
    """A reviewer whose unit is no office: knows that the work exists, and may not do it."""
    unit = db.session.query(Unit).filter_by(name="省税务局").one()
    accounts.add_person(
        MISPLACED,
        "错位审核人",
        unit_id=unit.id,
        roles=[REVIEWER],
        password=demonstration.PASSWORD,
        must_change=False,
    )


@pytest.fixture
def stranger(site: Flask) -> Visit:
    return Visit(site.test_client())


@pytest.fixture
def signed_in(site: Flask) -> Callable[[str], Visit]:
    """Sign someone of the cast in, through the page."""

    def enter(account: str) -> Visit:
        visit = Visit(site.test_client())
        assert visit.sign_in(account).status_code == 302
        return visit

    return enter


@pytest.fixture
def reviewer(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("ziyou1")


@pytest.fixture
def filer(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("shuiwu1")
