"""The address of this site: in letters the one that was set, on a page the one it was opened by."""

from __future__ import annotations

from flask import current_app, request

from tracker.config import Settings


def in_letters() -> str:
    """Never from the request: who opens a page by an odd name must not put it into letters."""
    settings: Settings = current_app.config["TRACKER"]
    return settings.base_url


def as_opened() -> str:
    """The one that was set, else the one that works for who asks."""
    settings: Settings = current_app.config["TRACKER"]
    return settings.base_url if settings.is_site_chosen else request.host_url.rstrip("/")
