"""Compares the names in a notice's body with those in its tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from tracker.notices.reading.words import squeeze

_QUOTES = re.compile("[“”‘’\"'「」]")
_WIDE = str.maketrans("(),:;", "（），：；")
_BREAKS = re.compile("[，；。：、,;:（）()]")
_CLAUSES = re.compile("[，；。：、,;:]")
ENOUGH_NAMED = 0.5
NEAR_ENOUGH = 78
SHORTEST_PHRASE = 4


def bare(text: str) -> str:
    """Without spaces, and without quotation marks, which change inside others; brackets wide."""
    return _QUOTES.sub("", squeeze(text)).translate(_WIDE)


def named_otherwise(titles: Sequence[str], body: str) -> Iterator[tuple[int, str | None]]:
    """Titles a body does not name as the table does, with the nearest words of the body.

    A body that names few of them is no enumeration, and says nothing about the rest.
    """
    plain = bare(body)
    missing = [i for i, title in enumerate(titles) if bare(title) not in plain]
    if not titles or len(missing) > len(titles) * (1 - ENOUGH_NAMED):
        return
    phrases = _phrases(body)
    for index in missing:
        near = process.extractOne(
            bare(titles[index]), phrases, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH
        )
        yield index, near[0] if near else None


def _phrases(body: str) -> list[str]:
    """The body cut at its marks in several ways, for a title may hold quotes or brackets itself."""
    quoted = _QUOTES.sub("，", squeeze(body)).translate(_WIDE)
    forms = [marks.split(form) for form in (quoted, bare(body)) for marks in (_BREAKS, _CLAUSES)]
    cut = [phrase for form in forms for phrase in form]
    return sorted({phrase for phrase in cut if len(phrase) >= SHORTEST_PHRASE})
