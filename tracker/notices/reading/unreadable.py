"""Why a file is declined."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read; the message tells a person what to do."""
