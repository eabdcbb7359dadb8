"""The kinds of 需协调事项, read from their table. Pure."""

from __future__ import annotations

import tomllib
from pathlib import Path

_TABLE = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))

KINDS = {kind: str(row["word"]) for kind, row in _TABLE.items()}
# Kind → the name of the unit that sees every difficulty of it.
SHOWN_TO = {kind: str(row["shown_to"]) for kind, row in _TABLE.items() if "shown_to" in row}
OTHER = "other"


def known(kind: str) -> str:
    """What came without a kind, or with one that nobody knows, is sorted by the office."""
    return kind if kind in KINDS else OTHER
