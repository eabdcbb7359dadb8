"""Settles what a break inside a list of units means: two names, or one that layout cut. Pure.

A line may end after a name (省商务厅 ⏎ 省税务局) or inside one (海关总署 ⏎ 广东分署). What the
registry knows decides; where it knows neither, the form of the words does, and that is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from tracker.registry.printings import is_class, marks, pattern, prefixes, without_role

Known = Callable[[str], bool]
BREAK, SEAM = "\n", "\x1c"  # a space or the end of a line; a cut by a page break
MOST_JOINED = 6

_BREAKS = re.compile(f"[{BREAK}{SEAM}]+")
_BESIDE_MARKS = re.compile(f"[{BREAK}{SEAM}]*([、，,；;。：:（(])[{BREAK}{SEAM}]*")
_BEFORE_CLOSING = re.compile(f"[{BREAK}{SEAM}]+(?=[）)])")


def marked(raw: str, seams: Sequence[int]) -> str:
    """The text with a sign for each break, and none where a mark separates names anyway."""
    signs = [
        (SEAM if at in seams else "") + (BREAK if letter.isspace() else letter)
        for at, letter in enumerate(raw)
    ]
    text = _BREAKS.sub(_one_sign, "".join(signs)).strip(BREAK + SEAM)
    return _BEFORE_CLOSING.sub("", _BESIDE_MARKS.sub(r"\1", text))


def _one_sign(found: re.Match[str]) -> str:
    return SEAM if SEAM in found.group() else BREAK


def unmarked(text: str) -> str:
    return _BREAKS.sub("", text)


def settled(text: str, cities: Sequence[str], is_known: Known) -> tuple[str, tuple[str, ...]]:
    """The list without breaks, names told apart by 、; and the parts where that is doubtful."""
    if not _BREAKS.search(text) and not any(joint in text for joint in marks("joints")):
        return text, ()
    text = _roles_apart(text)
    is_name = partial(_is_name, cities=cities, is_known=is_known)
    pieces = re.split(f"([{marks('separators')}：:])", text)
    doubtful: list[str] = []
    for at, piece in enumerate(pieces):
        fragments = _BREAKS.split(piece)
        if len(fragments) > 1:
            groups = _grouped(fragments, is_name)
            names = [name for group in groups for name in _whole(group, is_name)]
            unsure = any(not is_name(name) for name in names)
            pieces[at] = "、".join(names)
            doubtful.extend([" ".join(fragments)] if unsure else [])
        else:
            pieces[at] = _told_apart(piece, is_name)
    return "".join(pieces), tuple(doubtful)


def _roles_apart(text: str) -> str:
    """省商务厅牵头 ⏎ 省税务局配合: a line that ends with a role or begins with a label lists."""
    lines = _BREAKS.split(text)
    signs = _BREAKS.findall(text)
    kept = lines[0]
    for before, sign, line in zip(lines, signs, lines[1:], strict=False):
        is_list = pattern("ends_a_role").search(before) or _label(line)
        kept += ("；" if is_list else sign) + line
    return kept


def _label(line: str) -> bool:
    return any(pattern(name).match(line) for name in ("label_lead", "label_support"))


def _is_name(text: str, cities: Sequence[str], is_known: Known) -> bool:
    bare = _bare(text)
    if bare in cities or f"{bare}市" in cities or is_class(bare):
        return True
    return any(is_known(prefix + bare) for prefix in ("", *prefixes()))


def _bare(text: str) -> str:
    bare = pattern("open_end").sub("", without_role(text))
    return pattern("marked_support").sub("", pattern("marked_lead").sub("", bare))


def _grouped(fragments: Sequence[str], is_name: Known) -> list[list[str]]:
    """The grouping in which known names cover most of the text, and names are fewest."""
    best: list[tuple[int, int, list[list[str]]]] = [(0, 0, [])]
    for end in range(1, len(fragments) + 1):
        choices = []
        for begin in range(max(0, end - MOST_JOINED), end):
            covered, fewer, groups = best[begin]
            name = "".join(fragments[begin:end])
            gain = len(name) if is_name(name) else 0
            choices.append((covered + gain, fewer - 1, [*groups, list(fragments[begin:end])]))
        best.append(max(choices, key=lambda choice: choice[:2]))
    return best[-1][2]


def _whole(group: Sequence[str], is_name: Known) -> list[str]:
    """Lines nobody knows are names each where each ends like one; else they are one, cut."""
    whole = "".join(group)
    each_ends = all(pattern("name_end").search(_bare(line)) for line in group)
    return list(group) if each_ends and not is_name(whole) else [whole]


def _told_apart(piece: str, is_name: Known) -> str:
    """省商务厅和省税务局: two names where both are known and the whole is not."""
    if is_name(piece):
        return piece
    for at, letter in enumerate(piece):
        if letter in marks("joints") and is_name(piece[:at]) and is_name(piece[at + 1 :]):
            return f"{piece[:at]}、{piece[at + 1 :]}"
    return piece
