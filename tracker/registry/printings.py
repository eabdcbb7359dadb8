"""The printings of names.toml. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()[name])


def marks(name: str) -> str:
    return str(_words()[name])


def prefixes() -> tuple[str, ...]:
    return tuple(_words()["prefixes"])


def is_class(name: str) -> bool:
    """各企业, 有关单位: bodies that are meant, but cannot be addressed."""
    return bool(pattern("class").search(name))


def without_role(clause: str) -> str:
    """A clause without the words that tell its role."""
    for ending in ("by_share", "leads", "supports", "by_whom"):
        clause = pattern(ending).sub("", clause)
    return clause


def split(text: str, at: str) -> list[str]:
    """At the marks, but never inside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in marks("opening")) - (letter in marks("closing"))
        if letter in at and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part]
