"""The outbox stands below the cast, on the same two databases; and a mail server that is real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.cast import addresses, begun, desk, people, settings_of
from tests.delivery.posts import give_addresses
from tests.smtp import Postbox, serving
from tracker.app import create_app
from tracker.config import MailServer
from tracker.db import db, writing
from tracker.delivery.models import Attempt, Enclosed, Message, Posted, Robot

__all__ = ["addresses", "begun", "desk"]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(postbox: Postbox) -> Iterator[MailServer]:
    with serving(postbox) as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def peopled(
    request: pytest.FixtureRequest, databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A database of each kind on which sending may commit: the cast, each with an address."""
    app = create_app(settings_of(request, databases, tmp_path_factory.mktemp("outbox")))
    with app.app_context():
        with writing():
            people()
            give_addresses()
            db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def house(peopled: Flask) -> Iterator[Flask]:
    """That house with an empty outbox, which is emptied again."""
    with peopled.app_context():
        yield peopled
        db.session.rollback()
        with writing():
            for model in (Attempt, Message, Enclosed, Posted, Robot):
                db.session.execute(model.__table__.delete())
            give_addresses()
            db.session.commit()
        db.session.remove()
