"""The states of 经验做法, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

SIGNING, SUBMITTED, MORE = "signing", "submitted", "more"
SELECTED, COMPILED, LEFT = "selected", "compiled", "left"

CASES = {
    SIGNING: "待本单位审签",
    SUBMITTED: "待遴选",
    MORE: "需补充",
    SELECTED: "已入选",
    COMPILED: "已汇编",
    LEFT: "未入选",
}

SIGN, ASK_MORE, REWRITE = "sign", "ask more", "rewrite"
SELECT, LEAVE_OUT, COMPILE = "select", "leave out", "compile"

CASE_EVENTS = {
    SIGN: "审签报送",
    ASK_MORE: "要求补充",
    REWRITE: "修改",
    SELECT: "入选",
    LEAVE_OUT: "不入选",
    COMPILE: "汇编",
}

CASE_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (SIGNING, REWRITE): SIGNING,
    (SIGNING, SIGN): SUBMITTED,
    (SIGNING, ASK_MORE): MORE,
    (SUBMITTED, ASK_MORE): MORE,
    (MORE, REWRITE): SIGNING,
    (SUBMITTED, SELECT): SELECTED,
    (SUBMITTED, LEAVE_OUT): LEFT,
    (SELECTED, LEAVE_OUT): LEFT,
    (LEFT, SELECT): SELECTED,
    (SELECTED, COMPILE): COMPILED,
}

# Left the unit: the office sees it.
FILED = frozenset({SUBMITTED, MORE, SELECTED, COMPILED, LEFT})
RULINGS = (ASK_MORE, SELECT, LEAVE_OUT)


def after(state: str, event: str) -> str:
    try:
        return CASE_TRANSITIONS[state, event]
    except KeyError:
        message = f"案例当前是“{CASES[state]}”，不能{CASE_EVENTS[event]}，请刷新页面后再看。"
        raise Forbidden(message) from None
