"""create_app: wiring only."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from tracker import config, db as database, web
from tracker.audit import models as _audit  # noqa: F401
from tracker.config import Settings
from tracker.db import db
from tracker.delivery import models as _delivery  # noqa: F401
from tracker.reports import models as _reports  # noqa: F401
from tracker.supervision import models as _models  # noqa: F401  every table is known from here on


def create_app(settings: Settings | None = None) -> Flask:
    chosen = settings or config.load()
    app = Flask("tracker", template_folder=str(config.TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        SQLALCHEMY_DATABASE_URI=chosen.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(chosen.database_url),
        TRACKER=chosen,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(config.MIGRATIONS), render_as_batch=True)
    with app.app_context():
        database.prepare(db.engine)
    web.install(app, chosen)
    return app
