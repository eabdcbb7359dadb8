"""The states of extensions, disputes and closings, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

ASKED, GRANTED, REFUSED, WITHDRAWN = "asked", "granted", "refused", "withdrawn"
UPHELD, REJECTED = "upheld", "rejected"
CLOSED, REOPENED = "closed", "reopened"

GRANT, REFUSE, WITHDRAW = "grant", "refuse", "withdraw"
UPHOLD, REJECT = "uphold", "reject"
CLOSE, REOPEN = "close", "reopen"

Transitions = Mapping[tuple[str, str], str]

# Extensions.
EXTENSIONS = {
    ASKED: "待统筹单位决定",
    GRANTED: "已同意延期",
    REFUSED: "未同意延期",
    WITHDRAWN: "已撤回",
}
EXTENSION_EVENTS = {GRANT: "同意延期", REFUSE: "不同意延期", WITHDRAW: "撤回申请"}
EXTENSION_TRANSITIONS: Transitions = {
    (ASKED, GRANT): GRANTED,
    (ASKED, REFUSE): REFUSED,
    (ASKED, WITHDRAW): WITHDRAWN,
}

# Disputes of an allocation.
DISPUTES = {
    ASKED: "待统筹单位裁定",
    UPHELD: "异议成立",
    REJECTED: "异议不成立",
    WITHDRAWN: "已撤回",
}
DISPUTE_EVENTS = {UPHOLD: "裁定成立", REJECT: "裁定不成立", WITHDRAW: "撤回异议"}
DISPUTE_TRANSITIONS: Transitions = {
    (ASKED, UPHOLD): UPHELD,
    (ASKED, REJECT): REJECTED,
    (ASKED, WITHDRAW): WITHDRAWN,
}

# Closings.
CLOSINGS = {
    ASKED: "待统筹单位核对",
    CLOSED: "已销号",
    REFUSED: "未同意销号",
    WITHDRAWN: "已撤回",
    REOPENED: "已撤销销号",
}
CLOSING_EVENTS = {
    CLOSE: "同意销号",
    REFUSE: "不同意销号",
    WITHDRAW: "撤回申请",
    REOPEN: "撤销销号",
}
CLOSING_TRANSITIONS: Transitions = {
    (ASKED, CLOSE): CLOSED,
    (ASKED, REFUSE): REFUSED,
    (ASKED, WITHDRAW): WITHDRAWN,
    (CLOSED, REOPEN): REOPENED,
}

# How a task may end.
LANDED, NOT_TAKEN = "landed", "not_taken"
OUTCOMES = {LANDED: "已落地", NOT_TAKEN: "不采用"}

# What the office looks at before it closes, by how the task ends.
CHECKLIST: Mapping[str, Mapping[str, str]] = {
    LANDED: {
        "report": "最近一期报告已审核通过，内容与落地情况相符",
        "evidence": "佐证材料齐全，能够证明已落地",
        "seen": "已实地核查，或已通过其他方式核实",
    },
    NOT_TAKEN: {
        "report": "最近一期报告已审核通过，写明不采用",
        "reasons": "不采用的理由充分",
    },
}


def after(transitions: Transitions, state: str, event: str, *, what: str) -> str:
    """The state an event leads to, or a sentence: most often somebody else was quicker."""
    try:
        return transitions[state, event]
    except KeyError:
        raise Forbidden(f"这份{what}已经处理，请刷新页面查看结果。") from None
