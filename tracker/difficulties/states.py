"""The states of a difficulty, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

RAISED, CHARGED, ANSWERED = "raised", "charged", "answered"
SETTLED, WITHDRAWN = "settled", "withdrawn"

STATES = {
    RAISED: "待受理",
    CHARGED: "办理中",
    ANSWERED: "已答复",
    SETTLED: "已办结",
    WITHDRAWN: "已撤回",
}

RAISE, RESTATE, SORT, CHARGE, ANSWER = "raise", "restate", "sort", "charge", "answer"
PRESS, SETTLE, WITHDRAW, PICK_UP = "press", "settle", "withdraw", "pick up"

EVENTS = {
    RAISE: "提出",
    RESTATE: "更新表述",
    SORT: "归类",
    CHARGE: "明确承办",
    ANSWER: "答复",
    PRESS: "仍未解决，再次提出",
    SETTLE: "办结",
    WITHDRAW: "撤回",
    PICK_UP: "重新办理",
}

# (state, event) → state.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    (RAISED, RESTATE): RAISED,
    (CHARGED, RESTATE): CHARGED,
    (RAISED, SORT): RAISED,
    (CHARGED, SORT): CHARGED,
    (ANSWERED, SORT): ANSWERED,
    (RAISED, CHARGE): CHARGED,
    (CHARGED, CHARGE): CHARGED,
    (RAISED, ANSWER): ANSWERED,
    (CHARGED, ANSWER): ANSWERED,
    (ANSWERED, PRESS): RAISED,
    (ANSWERED, SETTLE): SETTLED,
    (SETTLED, PICK_UP): RAISED,
    (RAISED, WITHDRAW): WITHDRAWN,
    (CHARGED, WITHDRAW): WITHDRAWN,
}

# What somebody still has to do something about.
OPEN = (RAISED, CHARGED, ANSWERED)


def after(state: str, event: str) -> str:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Forbidden(
            f"这个事项当前是“{STATES[state]}”，不能{EVENTS[event]}，请刷新页面后再看。"
        ) from None
