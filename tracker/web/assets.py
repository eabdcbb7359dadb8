"""Static files, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory, url_for

from tracker.web.access import access

FOLDER = Path(__file__).with_name("static")
A_YEAR = 365 * 24 * 3600

pages = Blueprint("assets", __name__)


@cache
def digest(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    return url_for("assets.static", digest=digest(name), name=name)


@pages.app_context_processor
def _context() -> dict[str, object]:
    return {"asset": asset}


@pages.get("/static/<digest>/<path:name>")
@access(None)
def static(digest: str, name: str) -> Response:
    if not _is_current(digest, name):
        abort(404)
    response = send_from_directory(FOLDER, name, max_age=A_YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def _is_current(given: str, name: str) -> bool:
    file = (FOLDER / name).resolve()
    return file.is_relative_to(FOLDER) and file.is_file() and digest(name) == given
