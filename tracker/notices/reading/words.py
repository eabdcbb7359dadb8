"""The layout words, loaded once from words.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_BLANK = re.compile(r"\s+")
_PARAGRAPH_MARK = re.compile(r"</?p>", re.IGNORECASE)
# Zero-width marks and soft hyphens that layout programs leave inside words.
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


def squeeze(text: str) -> str:
    """Without any white space: how names and headings are compared."""
    return _BLANK.sub("", text)


def clean(text: str) -> str:
    """Without paragraph marks and outer space; inner space stands as printed."""
    return _UNSEEN.sub("", _PARAGRAPH_MARK.sub(" ", text)).strip()


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@cache
def column_words() -> dict[str, str]:
    """Each known header word and the column it means."""
    return {word: role for role, words in _words()["columns"].items() for word in words}


def label(role: str) -> str:
    """The column's name as a person is told of it."""
    return str(_words()["labels"][role])


@cache
def heading_pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()["headings"][name])


@cache
def number_pattern() -> re.Pattern[str]:
    """A document number at the end of a line, such as 粤府函〔2020〕146号."""
    issuers = _words()["documents"]["issuers"]
    return re.compile(rf"([{issuers}][\u4e00-\u9fff]{{1,7}}[〔\[［(（]\d{{4}}[〕\]］)）]\d+号)$")


@cache
def not_title() -> re.Pattern[str]:
    return re.compile(_words()["documents"]["not_title"])


def document_words(name: str) -> tuple[str, ...]:
    return tuple(_words()["documents"][name])


def adoption_of(heading: str) -> str:
    """借鉴 only where a heading speaks of nothing else."""
    words: dict[str, str] = _words()["adoption"]
    must, may = words["must"], words["may"]
    return may if may in heading and must not in heading.rpartition("清单")[-1] else must
