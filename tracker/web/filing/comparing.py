"""Two texts of one report, field by field; a person's choices make one of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.difficulties.kinds import KINDS
from tracker.reports.bodies import SECTIONS, TEXTS, Body
from tracker.reports.states import STAGES

MINE, THEIRS, BOTH = "mine", "theirs", "both"
SINGLE = ("stage", "percent", "done", "is_unchanged", "answers", "difficulty_kind", "is_important")
YES_OR_NO = ("is_unchanged", "is_important")
RAISED = ("difficulty_kind", "is_important")
LISTS = ("documents", "milestones", "answers")
LABELS = {
    **SECTIONS,
    "done": "已完成的时间节点",
    "is_unchanged": "本期无变化",
    "difficulty_kind": "需协调事项的类别",
    "is_important": "重要情况",
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field in which two texts differ, in words, and what is chosen at first."""

    name: str
    label: str
    mine: str
    theirs: str
    can_be_both: bool

    @property
    def first(self) -> str:
        if not self.theirs:
            return MINE
        if not self.mine:
            return THEIRS
        return BOTH if self.can_be_both else MINE


def differences(mine: Body, theirs: Body) -> Iterator[Difference]:
    for name in ("stage", "percent", "is_unchanged", *TEXTS, *RAISED, *LISTS, "done"):
        own, other = getattr(mine, name), getattr(theirs, name)
        if own != other:
            yield Difference(
                name=name,
                label=LABELS[name],
                mine=in_words(name, own),
                theirs=in_words(name, other),
                can_be_both=name not in SINGLE,
            )


def in_words(name: str, value: Any) -> str:
    if name == "stage":
        return STAGES.get(value, "")
    if name == "difficulty_kind":
        return KINDS.get(value, "")
    if name in YES_OR_NO:
        return "是" if value else "否"
    if name == "done":
        return f"{len(value)}个" if value else ""
    if name in LISTS:
        return "\n".join("，".join(filter(None, vars(row).values())) for row in value)
    return str(value)


def merged(mine: Body, theirs: Body, choices: Mapping[str, str]) -> Body:
    """As chosen; a field without a choice keeps both where it can, and mine where it cannot."""
    values = {
        found.name: _chosen(found, mine, theirs, choices.get(f"choose-{found.name}", found.first))
        for found in differences(mine, theirs)
    }
    return Body(**(vars(mine) | values))


def _chosen(found: Difference, mine: Body, theirs: Body, choice: str) -> Any:
    own, other = getattr(mine, found.name), getattr(theirs, found.name)
    if choice == THEIRS:
        return other
    if choice != BOTH or not found.can_be_both:
        return own
    if found.name in LISTS:
        return (*other, *(row for row in own if row not in other))
    return "\n".join(filter(None, (other, own)))
