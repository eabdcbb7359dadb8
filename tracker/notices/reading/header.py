"""Finds the header of a division table, in one row or with its words one on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.notices.reading.lines import Line
from tracker.notices.reading.words import column_words, squeeze

MOST_STACKED = 16


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns by meaning (None: a word nobody knows), and where the rows begin."""

    columns: tuple[str | None, ...]
    unknown: tuple[str, ...]
    start: int
    is_stacked: bool

    def column(self, role: str) -> int | None:
        return self.columns.index(role) if role in self.columns else None


def header_at(lines: Sequence[Line], index: int) -> Header | None:
    """The header that begins at this line, if one does."""
    line = lines[index]
    if len(line.filled) > 1:
        return _in_a_row(line, index)
    return _stacked(lines, index) if _means(line.squeezed) == "no" else None


def next_header(lines: Sequence[Line], index: int) -> Header | None:
    """The header at the next line that says anything."""
    for position in range(index, len(lines)):
        if not lines[position].is_blank:
            return header_at(lines, position)
    return None


def _in_a_row(line: Line, index: int) -> Header | None:
    words = [squeeze(cell or "") for cell in line.cells]
    while words and not words[-1]:
        words.pop()
    roles = [_means(word) for word in words]
    unknown = tuple(
        word for word, role in zip(words, roles, strict=True) if word and not role
    )
    if not _enough(roles) or len(unknown) > 2:
        return None
    return Header(
        columns=tuple(roles), unknown=unknown, start=index + 1, is_stacked=False
    )


def _stacked(lines: Sequence[Line], index: int) -> Header | None:
    roles: list[str | None] = []
    begun, start = "", index
    for position in range(index, min(index + MOST_STACKED, len(lines))):
        if lines[position].is_blank:
            continue
        begun += lines[position].squeezed
        role = _means(begun)
        if role and role not in roles:
            roles.append(role)
            begun, start = "", position + 1
        elif not any(word.startswith(begun) for word in column_words()):
            break
    if not _enough(roles):
        return None
    return Header(columns=tuple(roles), unknown=(), start=start, is_stacked=True)


def _means(word: str) -> str | None:
    return column_words().get(word.strip("*"))


def _enough(roles: Sequence[str | None]) -> bool:
    known = [role for role in roles if role]
    return (
        len(known) >= 3
        and len(set(known)) == len(known)
        and "title" in known
        and ("units" in known or "content" in known)
    )
