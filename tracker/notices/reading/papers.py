"""The notice around the tables: its title, number, issuer, day and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.notices.reading.lines import Line, following
from tracker.notices.reading.words import document_words, not_title, number_pattern

_DAY = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_DAY_IN_WORDS = re.compile(
    "^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$"
)
_DIGITS = {
    mark: value for marks in ("〇一二三四五六七八九", "○", "零") for value, mark in enumerate(marks)
}
MOST_TITLE_LINES = 5
LONGEST_NUMBER_LINE = 40
LONGEST_TITLE = 120
TITLE_WITHIN = 30


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One notice of a document: where it begins and ends, and what its head says."""

    title: str
    doc_no: str
    issued_on: date | None
    begins: int
    ends: int


def papers(lines: Sequence[Line]) -> list[Paper]:
    """Every notice of the document, by its number; by its title where none prints a number."""
    anchors = [(i, no) for i in range(len(lines)) if (no := _number(lines[i]))]
    if not anchors:
        return _unnumbered(lines)
    heads = [_head(lines, anchor, no) for anchor, no in anchors]
    ends = [*[begins for _, begins in heads[1:]], len(lines)]
    return [
        Paper(title=title, doc_no=no, issued_on=_day(lines[at:end]), begins=begins, ends=end)
        for (at, no), (title, begins), end in zip(anchors, heads, ends, strict=True)
    ]


def _number(line: Line) -> str:
    """The number on a line by itself, or after a title's last characters; never in a sentence."""
    if len(line.filled) != 1 or len(line.squeezed) > LONGEST_NUMBER_LINE:
        return ""
    text = line.squeezed.strip("*")
    found = number_pattern().search(text)
    if not found:
        return ""
    before = text[: found.start()]
    ends_title = any(end.endswith(before[-1:]) for end in document_words("title_ends"))
    is_head = ends_title or before.endswith((*document_words("issuer_ends"), "文件"))
    return found.group(1) if not before or is_head else ""


def _head(lines: Sequence[Line], anchor: int, no: str) -> tuple[str, int]:
    """The title stands above the number, or below it; layout cuts it into lines anywhere."""
    rest = lines[anchor].squeezed.strip("*").removesuffix(no)
    above = _above(lines, anchor)
    for taken in range(len(above) + 1):
        begins = len(above) - taken
        title = _tidy([*[line.squeezed for _, line in above[begins:]], rest])
        if _is_title(title) and (issuer_of(title) or begins == 0):
            return title, above[begins][0] if taken else anchor
    return _below(lines, anchor), above[0][0] if above else anchor


def _above(lines: Sequence[Line], anchor: int) -> list[tuple[int, Line]]:
    taken: list[tuple[int, Line]] = []
    for index in range(anchor - 1, max(anchor - 12, -1), -1):
        line = lines[index]
        if line.is_blank and not taken:
            continue
        ends = line.is_blank or len(line.filled) > 1 or not_title().search(line.squeezed)
        if ends or len(taken) == MOST_TITLE_LINES:
            break
        taken.insert(0, (index, line))
    return taken


def _below(lines: Sequence[Line], anchor: int) -> str:
    said = ""
    for _, line in following(lines, anchor + 1, MOST_TITLE_LINES):
        said = _tidy([said, line.squeezed])
        if _is_title(said):
            return said
    return ""


def _unnumbered(lines: Sequence[Line]) -> list[Paper]:
    """A notice that prints no number: its title names who issues it, and about what."""
    for index, line in following(lines, 0, TITLE_WITHIN):
        if len(line.filled) > 1:
            return []
        title = "" if not_title().search(line.squeezed) else _from(lines, index)
        if title:
            day = _day(lines[index:])
            return [Paper(title=title, doc_no="", issued_on=day, begins=index, ends=len(lines))]
    return []


def _from(lines: Sequence[Line], index: int) -> str:
    said = ""
    for _, line in following(lines, index, MOST_TITLE_LINES):
        said = _tidy([said, line.squeezed])
        if len(said) > LONGEST_TITLE or len(line.filled) > 1:
            return ""
        if _is_title(said) and issuer_of(said):
            return said
    return ""


def _tidy(parts: Sequence[str]) -> str:
    return "".join(parts).strip("*")


def _is_title(text: str) -> bool:
    return text.endswith(document_words("title_ends")) and "关于" in text


def _day(lines: Sequence[Line]) -> date | None:
    return next((day for line in lines if (day := _day_of(line.squeezed))), None)


def _day_of(text: str) -> date | None:
    """2023年5月20日 or 二〇二三年五月二十日; nothing where no such day exists."""
    digits, words = _DAY.match(text), _DAY_IN_WORDS.match(text)
    try:
        if digits:
            return date(*map(int, digits.groups()))
        if words:
            year = int("".join(str(_DIGITS[mark]) for mark in words.group(1)))
            return date(year, _value(words.group(2)), _value(words.group(3)))
    except ValueError:
        pass
    return None


def _value(words: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def issuer_of(title: str) -> str:
    """The organ a title begins with: 广东省人民政府关于…, 广东省人民政府转发国务院关于…."""
    head = re.split("关于|转发|印发", title)[0]
    return head if head.endswith(document_words("issuer_ends")) else ""
