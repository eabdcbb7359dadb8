"""The notice around the tables: its title, number, issuer, day and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.notices.reading.lines import Line
from tracker.notices.reading.words import document_words, number_pattern

_DAY = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
MOST_TITLE_LINES = 5
LONGEST_NUMBER_LINE = 40


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One notice of a document: where it begins and ends, and what its head says."""

    title: str
    doc_no: str
    issued_on: date | None
    begins: int
    ends: int


def papers(lines: Sequence[Line]) -> list[Paper]:
    """Every notice of the document; none where it prints no document number."""
    anchors = [i for i in range(len(lines)) if _number(lines[i])]
    heads = [_head(lines, anchor) for anchor in anchors]
    ends = [*[begins for _, begins in heads[1:]], *([len(lines)] if heads else [])]
    return [
        Paper(
            title=title,
            doc_no=_number(lines[anchor]),
            issued_on=_day(lines[anchor:end]),
            begins=begins,
            ends=end,
        )
        for anchor, (title, begins), end in zip(anchors, heads, ends, strict=True)
    ]


def _number(line: Line) -> str:
    if len(line.filled) != 1 or len(line.squeezed) > LONGEST_NUMBER_LINE:
        return ""
    found = number_pattern().search(line.squeezed.strip("*"))
    return found.group(1) if found else ""


def _head(lines: Sequence[Line], anchor: int) -> tuple[str, int]:
    """The title stands above the number, or below it; layout cuts it into lines anywhere."""
    rest = lines[anchor].squeezed.strip("*").removesuffix(_number(lines[anchor]))
    above = _above(lines, anchor)
    title = _tidy([line.squeezed for _, line in above] + [rest])
    if _is_title(title):
        return title, above[0][0] if above else anchor
    below = _below(lines, anchor)
    return (_tidy(below) if _is_title(_tidy(below)) else ""), _first_of_head(
        lines, anchor
    )


def _above(lines: Sequence[Line], anchor: int) -> list[tuple[int, Line]]:
    taken: list[tuple[int, Line]] = []
    for index in range(anchor - 1, max(anchor - 12, -1), -1):
        line = lines[index]
        if line.is_blank and not taken:
            continue
        if line.is_blank or len(line.filled) > 1 or len(taken) == MOST_TITLE_LINES:
            break
        taken.insert(0, (index, line))
    return taken


def _below(lines: Sequence[Line], anchor: int) -> list[str]:
    taken: list[str] = []
    for line in lines[anchor + 1 : anchor + 10]:
        if line.is_blank and not taken:
            continue
        if line.is_blank or line.squeezed.endswith(("：", ":")):
            break
        taken.append(line.squeezed)
    return taken[:MOST_TITLE_LINES]


def _first_of_head(lines: Sequence[Line], anchor: int) -> int:
    above = _above(lines, anchor)
    return above[0][0] if above else anchor


def _tidy(parts: Sequence[str]) -> str:
    return "".join(parts).strip("*")


def _is_title(text: str) -> bool:
    return text.endswith(document_words("title_ends")) and "关于" in text


def _day(lines: Sequence[Line]) -> date | None:
    for line in lines:
        found = _DAY.match(line.squeezed)
        if found:
            return date(*map(int, found.groups()))
    return None


def issuer_of(title: str) -> str:
    """The organ a title begins with: 广东省人民政府关于…, 广东省人民政府转发国务院关于…."""
    head = re.split("关于|转发|印发", title)[0]
    return head if head.endswith(document_words("issuer_ends")) else ""
