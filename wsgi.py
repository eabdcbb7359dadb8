"""The WSGI door: `application` for any server. It refuses what must not be served in earnest."""

from __future__ import annotations

from flask import Flask

from tracker.app import create_app
from tracker.config import Settings
from tracker.operations.migrating import is_initialised
from tracker.operations.serving import refuse_demonstration


def _application() -> Flask:
    app = create_app()
    settings: Settings = app.config["TRACKER"]
    with app.app_context():
        if is_initialised():
            refuse_demonstration(production=settings.production)
    return app


application = _application()
