"""Static files, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

from tracker.web.access import access

FOLDER = Path(__file__).with_name("static")
A_YEAR = 365 * 24 * 3600
# One sheet for all pages, joined in this order.
SHEET = "pages.css"
SHEETS = (
    "tokens.css",
    "base.css",
    "layout.css",
    "menu.css",
    "pieces.css",
    "tables.css",
    "forms.css",
    "charts.css",
    "glance.css",
    "filing.css",
    "reviewing.css",
    "coordinating.css",
    "urging.css",
    "messages.css",
    "print.css",
)

pages = Blueprint("assets", __name__)


@cache
def content(name: str) -> bytes:
    names = SHEETS if name == SHEET else (name,)
    return b"\n".join((FOLDER / name).read_bytes() for name in names)


@cache
def digest(name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]


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
    kind, _ = mimetypes.guess_type(name)
    response = Response(content(name), mimetype=kind or "application/octet-stream")
    response.cache_control.max_age = A_YEAR
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def _is_current(given: str, name: str) -> bool:
    file = (FOLDER / name).resolve()
    is_known = name == SHEET or (file.is_relative_to(FOLDER) and file.is_file())
    return is_known and digest(name) == given
