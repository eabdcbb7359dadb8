"""Finds the header of a division table, in one row, in two, or with its words one on a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.notices.reading.lines import Line
from tracker.notices.reading.rows import is_heading, is_number
from tracker.notices.reading.words import column_words, squeeze

MOST_STACKED = 24
FEWEST_KNOWN = 3
LONGEST_WORD = 14
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[)）]$")


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns by meaning (None: a word nobody knows), and where the rows begin."""

    columns: tuple[str | None, ...]
    words: tuple[str, ...]
    start: int
    is_stacked: bool

    @property
    def named(self) -> set[int]:
        """The columns that have a word in the header, known or not."""
        return {column for column, word in enumerate(self.words) if word}

    @property
    def unknown(self) -> list[str]:
        pairs = zip(self.words, self.columns, strict=True)
        return [word for word, role in pairs if word and not role]

    def column(self, role: str) -> int | None:
        return self.columns.index(role) if role in self.columns else None


def header_at(lines: Sequence[Line], index: int) -> Header | None:
    """The header that begins at this line, if one does."""
    line = lines[index]
    if len(line.filled) > 1:
        return _in_rows(lines, index)
    return _stacked(lines, index) if _means(line.squeezed) == "no" else None


def next_header(lines: Sequence[Line], index: int) -> Header | None:
    """The header at the next line that says anything."""
    for position in range(index, len(lines)):
        if not lines[position].is_blank:
            return header_at(lines, position)
    return None


def _in_rows(lines: Sequence[Line], index: int) -> Header | None:
    words = _words_of(lines[index])
    if sum(map(bool, map(_means, words))) < FEWEST_KNOWN:
        return None
    below = _words_of(lines[index + 1]) if index + 1 < len(lines) else []
    if _completes(below):
        return _header(_laid_over(words, below), start=index + 2, is_stacked=False)
    return _header(words, start=index + 1, is_stacked=False)


def _words_of(line: Line) -> list[str]:
    words = [squeeze(cell or "") for cell in line.cells]
    while words and not words[-1]:
        words.pop()
    return words


def _completes(below: Sequence[str]) -> bool:
    """A second header row only divides what the first one spans: 责任单位 into 牵头 and 配合."""
    said = [(column, word) for column, word in enumerate(below) if word]
    known = [_means(word) for _, word in said]
    return bool(said) and all(known) and "no" not in known and "title" not in known


def _laid_over(words: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(words), len(below))
    above = [*words, *[""] * (width - len(words))]
    under = [*below, *[""] * (width - len(below))]
    return [lower or upper for upper, lower in zip(above, under, strict=True)]


def _header(words: Sequence[str], *, start: int, is_stacked: bool) -> Header | None:
    roles = _told_apart([_means(word) for word in words])
    header = Header(columns=tuple(roles), words=tuple(words), start=start, is_stacked=is_stacked)
    known = [role for role in roles if role]
    is_header = (
        len(known) >= max(FEWEST_KNOWN, len(header.unknown))
        and "title" in known
        and ("units" in known or "content" in known)
        and all(len(word) <= LONGEST_WORD for word in header.unknown)
    )
    return header if is_header else None


def _told_apart(roles: Sequence[str | None]) -> list[str | None]:
    """Two columns of one meaning: 重点任务 groups 具体任务, 责任单位 names more than 牵头单位."""
    apart = list(roles)
    if apart.count("title") > 1 and "group" not in apart:
        apart[apart.index("title")] = "group"
    if apart.count("units") > 1:
        first = apart.index("units")
        apart[apart.index("units", first + 1)] = "more_units"
    return [role if role not in apart[:i] else None for i, role in enumerate(apart)]


def _stacked(lines: Sequence[Line], index: int) -> Header | None:
    words: list[str] = []
    begun = ""
    for position in range(index, min(index + MOST_STACKED, len(lines))):
        line = lines[position]
        if line.is_blank:
            continue
        if _is_row(line):
            return _header([*words, *_pieces(begun)], start=position, is_stacked=True)
        begun += line.squeezed
        if words and _means(begun) == "no":
            return None  # another header begins here
        if _means(begun):
            words.append(begun)
        elif words and (_means(words[-1] + begun) or begun.startswith(("（", "("))):
            words[-1] += begun  # 事项 ⏎ 名称; 责任单位 ⏎ （部门）
        elif any(word.startswith(begun) for word in column_words()):
            continue
        elif len(begun) <= LONGEST_WORD:
            words.append(begun)
        else:
            return None
        begun = ""
    return None


def _is_row(line: Line) -> bool:
    return len(line.filled) > 1 or is_number(line.text) or is_heading(line.text)


def _pieces(begun: str) -> list[str]:
    return [begun] if begun else []


def _means(word: str) -> str | None:
    bare = word.strip("*：: ")
    return column_words().get(bare) or column_words().get(_IN_BRACKETS.sub("", bare))
