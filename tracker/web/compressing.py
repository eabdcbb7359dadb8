"""Text goes compressed to whoever takes it so."""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

TEXT = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
WORTH_IT = 1024
LEVEL = 5
MOST_PADDING = 100


def install(app: Flask) -> None:
    """Before the others: what is installed first is asked last, when the response is whole."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXT or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    plain = response.get_data()
    if len(plain) < WORTH_IT or "Content-Encoding" in response.headers or not _wanted():
        return response
    response.set_data(_zipped(plain))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _wanted() -> bool:
    return request.method != "HEAD" and request.accept_encodings["gzip"] > 0


def _zipped(plain: bytes) -> bytes:
    """With a name of random length, so that the size tells nothing about a token in the page."""
    name = secrets.token_hex(secrets.randbelow(MOST_PADDING // 2) + 1)
    packed = io.BytesIO()
    with gzip.GzipFile(name, "wb", LEVEL, packed, mtime=0) as file:
        file.write(plain)
    return packed.getvalue()
