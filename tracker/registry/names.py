"""Reads a printed list of units: who is named, in which role, and whether the list stays open.

Pure: knows printings (names.toml) and asks `is_known` about names, never the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from tracker.registry.breaks import SEAM, Known, marked, settled, unmarked
from tracker.registry.printings import is_class, marks, pattern, prefixes, split, without_role

LEAD, SUPPORT = "lead", "support"
UNIT, CLASS = "unit", "class"
LONGEST_OVERLAP = 3
GOVERNMENTS = ("人民政府", "政府")


@dataclass(frozen=True, kw_only=True)
class Named:
    """One unit of a list. `name` is `printed` with an ending that was printed once for several."""

    printed: str
    name: str
    role: str = LEAD
    kind: str = UNIT


@dataclass(frozen=True, kw_only=True)
class UnitList:
    """`doubtful` are the parts with a break that nothing known explains."""

    names: tuple[Named, ...]
    is_open_ended: bool = False
    mended_from: str = ""
    mended_to: str = ""
    doubtful: tuple[str, ...] = ()


def read_units(
    raw: str,
    *,
    seams: Sequence[int] = (),
    cities: Sequence[str] = (),
    is_known: Known,
    first_leads: bool = False,
) -> UnitList:
    """Read a list as printed. `seams` are offsets in `raw` where a page break cut it.

    `first_leads`: the document says that the first one named leads and the others support.
    """
    mended, pair = _mend(_unwrapped(marked(raw, seams)), cities, is_known)
    text, doubtful = settled(mended, cities, is_known)
    names, is_open = _read(text, cities)
    names = _with_prefixes(names, is_known)
    if first_leads and not _tells_roles(text):
        names = [replace(n, role=SUPPORT) if at else n for at, n in enumerate(names)]
    return UnitList(
        names=tuple(names),
        is_open_ended=is_open,
        mended_from=pair[0],
        mended_to=pair[1],
        doubtful=doubtful,
    )


def _unwrapped(text: str) -> str:
    """Without brackets around the whole list."""
    depths = list(accumulate((a in marks("opening")) - (a in marks("closing")) for a in text))
    is_wrapped = len(text) > 1 and depths[-1] == 0 and all(depth > 0 for depth in depths[:-1])
    return text[1:-1] if is_wrapped else text


def _mend(text: str, cities: Sequence[str], is_known: Known) -> tuple[str, tuple[str, str]]:
    """A page break may print the characters at the cut twice: take one away if names then fit."""
    for seam in (at for at, letter in enumerate(text) if letter == SEAM):
        before, after = text[:seam], text[seam + 1 :]
        for length in range(LONGEST_OVERLAP, 0, -1):
            if before[-length:] != after[:length]:
                continue
            mended = before + after[length:]
            old, new = _names_only(text, cities), _names_only(mended, cities)
            if _unknown(new, is_known) < _unknown(old, is_known):
                changed = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
                return mended, changed[0]
    return text, ("", "")


def _names_only(text: str, cities: Sequence[str]) -> list[str]:
    return [named.name for named in _read(unmarked(text), cities)[0]]


def _unknown(names: Sequence[str], is_known: Known) -> int:
    return sum(not is_known(name) for name in names)


def _read(text: str, cities: Sequence[str]) -> tuple[list[Named], bool]:
    names: list[Named] = []
    is_open = False
    for role, listed in _labelled(text):
        body, more = _cut_open_end(listed)
        names.extend(_with_roles(body, cities, role, has_lead=_has(text, "leads")))
        is_open = is_open or more
    return names, is_open


def _labelled(text: str) -> Iterator[tuple[str | None, str]]:
    """The lists of one cell, each with the role its label gives: 牵头单位：… 配合单位：…."""
    labels = sorted(
        (found.start(), found.end(), role)
        for name, role in (("label_lead", LEAD), ("label_support", SUPPORT))
        for found in pattern(name).finditer(text)
    )
    yield None, text[: labels[0][0]] if labels else text
    ends = [begin for begin, _, _ in labels[1:]] + [len(text)]
    for (_, begin, role), end in zip(labels, ends, strict=False):
        yield role, text[begin:end]


def _cut_open_end(text: str) -> tuple[str, bool]:
    """等相关部门 says that more are meant than are named; it is nobody's name."""
    cut, is_open = "", False
    for clause in _clauses(text):
        bare = without_role(clause.rstrip(marks("clauses")))
        kept = pattern("open_end").sub("", bare)
        is_open = is_open or kept != bare
        cut += clause.replace(bare, kept, 1) if kept != bare else clause
    return cut, is_open


def _clauses(text: str) -> Iterator[str]:
    """The clauses, each with the mark that ends it."""
    begin = 0
    for at, letter in enumerate(text):
        if letter in marks("clauses"):
            yield text[begin : at + 1]
            begin = at + 1
    yield text[begin:]


def _with_roles(
    text: str, cities: Sequence[str], label: str | None, *, has_lead: bool
) -> Iterator[Named]:
    pending: list[Named] = []
    for clause in split(text, marks("clauses")):
        role = _role(clause, has_lead=has_lead)
        pending.extend(_named(part) for part in split(without_role(clause), marks("separators")))
        if role is not None:
            yield from _given(_expanded(pending, cities), role)
            pending = []
    last = SUPPORT if has_lead and _has(text, "supports") else LEAD
    yield from _given(_expanded(pending, cities), label or last)


def _given(names: Sequence[Named], role: str) -> Iterator[Named]:
    """The role of a list is the role of each name in it that is not marked by itself."""
    return (named if named.role else replace(named, role=role) for named in names)


def _has(text: str, ending: str) -> bool:
    return any(pattern(ending).search(clause) for clause in split(text, marks("clauses")))


def _tells_roles(text: str) -> bool:
    words = ("marked_lead", "marked_support", "label_lead", "label_support")
    return any(_has(text, name) for name in ("leads", "supports", *words))


def _role(clause: str, *, has_lead: bool) -> str | None:
    """The role a clause gives to the names before it; None where it says nothing."""
    if pattern("leads").search(clause):
        return LEAD
    if pattern("supports").search(clause):
        return SUPPORT
    if pattern("by_share").search(clause):
        return SUPPORT if has_lead else LEAD
    return None


def _named(part: str) -> Named:
    for mark, role in (("marked_lead", LEAD), ("marked_support", SUPPORT)):
        name = pattern(mark).sub("", part)
        if name != part:
            return replace(_named(name), role=role)
    return Named(printed=part, name=part, role="", kind=CLASS if is_class(part) else UNIT)


def _with_prefixes(names: Sequence[Named], is_known: Known) -> list[Named]:
    """省发展改革委、科技厅: the word that is printed once, where that makes a known name."""
    completed: list[Named] = []
    for named in names:
        before = completed[-1].name if completed and not is_known(named.name) else ""
        whole = [p + named.name for p in prefixes() if before.startswith(p)]
        name = next(filter(is_known, whole), named.name)
        completed.append(replace(named, name=name))
    return completed


def _expanded(names: Sequence[Named], cities: Sequence[str]) -> list[Named]:
    """Give every name the ending that is printed once, after the last of several places."""
    ending = ""
    expanded: list[Named] = []
    for named in reversed(names):
        if _is_city(named.name, cities):
            expanded.append(_short(named, ending))
        elif ending in GOVERNMENTS and pattern("place").match(named.name):
            # 杭州市 names a place by itself, so it stays as printed; only its name is completed.
            expanded.append(replace(named, name=named.name + ending))
        else:
            ending = _ending(named.name, cities)
            expanded.append(named)
    return expanded[::-1]


def _short(named: Named, ending: str) -> Named:
    """广州 before 珠海出入境边防检查总站 is no name without that ending."""
    if ending in GOVERNMENTS:
        return replace(named, name=f"{named.name}市{ending}")
    return replace(named, printed=named.printed + ending, name=named.name + ending)


def _is_city(name: str, cities: Sequence[str]) -> bool:
    return f"{name}市" in cities


def _ending(name: str, cities: Sequence[str]) -> str:
    """What follows the city in a name: 珠海出入境边防检查总站 → 出入境边防检查总站."""
    government = pattern("government").match(name)
    if government:
        return government.group(1)
    for city in cities:
        short = city.removesuffix("市")
        if name.startswith(short) and name not in (short, city):
            return name.removeprefix(short)
    return ""
