"""The states of 协办材料 (a part of a report that another unit gives), as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

ASKED, GIVEN, BACK, CANCELLED = "asked", "given", "back", "cancelled"

PARTS = {
    ASKED: "待提供",
    GIVEN: "已提供",
    BACK: "退回补充",
    CANCELLED: "已取消",
}

GIVE, SEND_BACK, CANCEL = "give", "send back", "cancel"

PART_EVENTS = {GIVE: "提供", SEND_BACK: "退回补充", CANCEL: "取消"}

PART_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (ASKED, GIVE): GIVEN,
    (GIVEN, GIVE): GIVEN,
    (BACK, GIVE): GIVEN,
    (GIVEN, SEND_BACK): BACK,
    (ASKED, CANCEL): CANCELLED,
    (BACK, CANCEL): CANCELLED,
    (GIVEN, CANCEL): CANCELLED,
}

WANTED = frozenset({ASKED, BACK})
LONGEST_ASKED, LONGEST_PART = 500, 4_000


def after(state: str, event: str) -> str:
    try:
        return PART_TRANSITIONS[state, event]
    except KeyError:
        message = (
            f"这份协办材料当前是“{PARTS[state]}”，不能{PART_EVENTS[event]}，请刷新页面后再看。"
        )
        raise Forbidden(message) from None
