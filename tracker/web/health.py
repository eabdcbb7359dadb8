"""Whether the service answers, for the machine that watches it."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker.registry.queries import installation
from tracker.web.access import access

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@access(None)
def health() -> ResponseReturnValue:
    try:
        is_ready = installation() is not None
    except SQLAlchemyError:
        is_ready = False
    return jsonify(status="ok" if is_ready else "unavailable"), 200 if is_ready else 503
