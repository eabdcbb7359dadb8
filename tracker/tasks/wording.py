"""Words in sentences: reasons and notes that are fit to be kept, titles in quotes. Pure."""

from __future__ import annotations

import re

from tracker.tasks.states import Forbidden

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# No database, page or Word document can hold these.
_UNKEEPABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
SHOWN_BEFORE = 10
_WITHIN = str.maketrans("“”", "‘’")


def clean(text: str) -> str:
    """Line ends unified, outer space off: what was typed, and nothing else taken from it."""
    return _UNKEEPABLE.sub("", _BREAKS.sub("\n", text)).strip()


def control_in(text: str) -> str:
    """Where the first control character stands, in words; empty where there is none."""
    found = _CONTROL.search(text)
    if not found:
        return ""
    line_before = text[: found.start()].rpartition("\n")[2]
    number = text.count("\n", 0, found.start()) + 1
    return f"第{number}行“{line_before[-SHOWN_BEFORE:]}”之后"


def said(text: str, *, what: str, longest: int, may_be_empty: bool = False) -> str:
    """A reason or note as it is kept."""
    words = clean(text)
    if not words and not may_be_empty:
        raise Forbidden(f"请写明{what}。")
    if len(words) > longest:
        raise Forbidden(f"{what}最多{longest}字，请删减{len(words) - longest}字。")
    if place := control_in(words):
        raise Forbidden(f"{what}{place}有无法显示的控制字符，请删去后再提交。")
    return words


def quoted(title: str) -> str:
    """A title in a sentence; quotes within it are single."""
    return f"“{title.translate(_WITHIN)}”"
