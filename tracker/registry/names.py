"""Reads a printed list of units: who is named, in which role, and whether the list stays open.

Pure: knows printings (names.toml) and asks `is_known` about names, never the database.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

LEAD, SUPPORT = "lead", "support"
UNIT, CLASS = "unit", "class"
LONGEST_OVERLAP = 3

Known = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Named:
    """One unit of a list. `name` is `printed` with an ending that was printed once for several."""

    printed: str
    name: str
    role: str = LEAD
    kind: str = UNIT


@dataclass(frozen=True, kw_only=True)
class UnitList:
    names: tuple[Named, ...]
    is_open_ended: bool = False
    mended_from: str = ""
    mended_to: str = ""


def read_units(
    raw: str, *, seams: Sequence[int] = (), cities: Sequence[str] = (), is_known: Known
) -> UnitList:
    """Read a list as printed. `seams` are offsets in `raw` where a page break cut it."""
    squeezed, moved = _squeeze(raw, seams)
    mended, pair = _mend(squeezed, moved, cities, is_known)
    body, is_open = _cut_open_end(re.sub(_words()["heading"], "", mended))
    names = tuple(_with_roles(body, cities))
    return UnitList(
        names=names, is_open_ended=is_open, mended_from=pair[0], mended_to=pair[1]
    )


def is_class(name: str) -> bool:
    return bool(re.search(_words()["class"], name))


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def _squeeze(raw: str, seams: Sequence[int]) -> tuple[str, list[int]]:
    """Layout spaces are nothing; the seams move with the text."""
    return "".join(raw.split()), [len("".join(raw[:seam].split())) for seam in seams]


def _mend(
    text: str, seams: Sequence[int], cities: Sequence[str], is_known: Known
) -> tuple[str, tuple[str, str]]:
    """A page break may print the characters at the cut twice: take one away if names then fit."""
    for seam in seams:
        for length in range(LONGEST_OVERLAP, 0, -1):
            if text[seam - length : seam] != text[seam : seam + length]:
                continue
            candidate = text[:seam] + text[seam + length :]
            before, after = _names_only(text, cities), _names_only(candidate, cities)
            if _unknown(after, is_known) < _unknown(before, is_known):
                changed = [
                    (a, b) for a, b in zip(before, after, strict=False) if a != b
                ]
                return candidate, changed[0]
    return text, ("", "")


def _names_only(text: str, cities: Sequence[str]) -> list[str]:
    return [named.name for named in _with_roles(_cut_open_end(text)[0], cities)]


def _unknown(names: Sequence[str], is_known: Known) -> int:
    return sum(not is_known(name) for name in names)


def _cut_open_end(text: str) -> tuple[str, bool]:
    """等相关部门 says that more are meant than are named; it is nobody's name."""
    clauses = re.split(f"([{_words()['clauses']}])", text)
    kept = [re.sub(_words()["open_end"], "", _bare(clause)) for clause in clauses[::2]]
    is_open = any(k != _bare(c) for k, c in zip(kept, clauses[::2], strict=True))
    if not is_open:
        return text, False
    tails = [clause[len(_bare(clause)) :] for clause in clauses[::2]]
    parts = [k + tail for k, tail in zip(kept, tails, strict=True)]
    marks = [*clauses[1::2], ""]
    return "".join(part + mark for part, mark in zip(parts, marks, strict=True)), True


def _bare(clause: str) -> str:
    """A clause without the words that tell its role."""
    for ending in ("by_share", "leads", "supports"):
        clause = re.sub(_words()[ending], "", clause)
    return clause


def _with_roles(text: str, cities: Sequence[str]) -> Iterator[Named]:
    has_lead = _has_role(text, "leads")
    pending: list[Named] = []
    for clause in _split(text, _words()["clauses"]):
        role = _role(clause, has_lead)
        names = [
            _named(part)
            for part in _split(_bare(clause), _words()["separators"])
            if part
        ]
        if role is None:
            pending.extend(names)
            continue
        yield from _expanded(
            [replace(n, role=role) for n in [*pending, *names]], cities
        )
        pending = []
    last = SUPPORT if has_lead and pending and _has_role(text, "supports") else LEAD
    yield from _expanded([replace(named, role=last) for named in pending], cities)


def _has_role(text: str, ending: str) -> bool:
    return any(
        re.search(_words()[ending], clause)
        for clause in _split(text, _words()["clauses"])
    )


def _role(clause: str, has_lead: bool) -> str | None:
    """The role a clause gives to the names before it; None where it says nothing."""
    if re.search(_words()["leads"], clause):
        return LEAD
    if re.search(_words()["supports"], clause):
        return SUPPORT
    if re.search(_words()["by_share"], clause):
        return SUPPORT if has_lead else LEAD
    return None


def _named(part: str) -> Named:
    return Named(printed=part, name=part, kind=CLASS if is_class(part) else UNIT)


def _split(text: str, marks: str) -> list[str]:
    """At the marks, but never inside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in _words()["opening"]) - (letter in _words()["closing"])
        if letter in marks and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part]


def _expanded(names: Sequence[Named], cities: Sequence[str]) -> Iterator[Named]:
    """Give every name the ending that is printed once, after the last of several places."""
    ending = ""
    expanded: list[Named] = []
    for named in reversed(names):
        if _is_city(named.name, cities):
            expanded.append(_short(named, ending))
        elif ending in ("人民政府", "政府") and re.match(_words()["place"], named.name):
            # 杭州市 names a place by itself, so it stays as printed; only its name is completed.
            expanded.append(replace(named, name=named.name + ending))
        else:
            ending = _ending(named.name, cities)
            expanded.append(named)
    return reversed(expanded)


def _short(named: Named, ending: str) -> Named:
    """广州 before 珠海出入境边防检查总站 is no name without that ending."""
    if ending in ("人民政府", "政府"):
        return replace(named, name=f"{named.name}市{ending}")
    return replace(named, printed=named.printed + ending, name=named.name + ending)


def _is_city(name: str, cities: Sequence[str]) -> bool:
    return f"{name}市" in cities


def _ending(name: str, cities: Sequence[str]) -> str:
    """What follows the city in a name: 珠海出入境边防检查总站 → 出入境边防检查总站."""
    government = re.match(_words()["government"], name)
    if government:
        return government.group(1)
    for city in cities:
        short = city.removesuffix("市")
        if name.startswith(short) and name not in (short, city):
            return name.removeprefix(short)
    return ""
