"""The states of a message, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

PENDING, SENDING, SENT = "pending", "sending", "sent"
FAILED, DEAD, UNCLEAR = "failed", "dead", "unclear"

STATES = {
    PENDING: "待发送",
    SENDING: "发送中",
    SENT: "已送达",
    FAILED: "待重试",
    UNCLEAR: "状态不明",
    DEAD: "未送达",
}

CLAIM, DELIVER, DEFER, LOSE = "claim", "deliver", "defer", "lose"
GIVE_UP, EXPIRE, RESEND = "give up", "expire", "resend"

EVENTS = {
    CLAIM: "取出发送",
    DELIVER: "对方已接收",
    DEFER: "暂未接收",
    LOSE: "没有得到回应",
    GIVE_UP: "不再尝试",
    EXPIRE: "超过期限",
    RESEND: "人工重发",
}

# (state, event) → state. Of what is unclear only mail gets a next try by itself: its Message-ID
# lets the other side know it again. A robot would say it twice, so a person decides.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    (PENDING, CLAIM): SENDING,
    (FAILED, CLAIM): SENDING,
    (UNCLEAR, CLAIM): SENDING,
    (SENDING, DELIVER): SENT,
    (UNCLEAR, DELIVER): SENT,
    (SENDING, DEFER): FAILED,
    (SENDING, LOSE): UNCLEAR,
    (SENDING, GIVE_UP): DEAD,
    (PENDING, EXPIRE): DEAD,
    (FAILED, EXPIRE): DEAD,
    (UNCLEAR, EXPIRE): DEAD,
    (DEAD, RESEND): PENDING,
    (UNCLEAR, RESEND): PENDING,
    (FAILED, RESEND): PENDING,
}

# What a try came to, as its row says it.
OUTCOMES = {
    DELIVER: "对方已接收",
    DEFER: "暂未接收，稍后重试",
    LOSE: "状态不明",
    GIVE_UP: "未接收",
    EXPIRE: "超过期限，不再自动发送",
    RESEND: "人工重发",
}


def after(state: str, event: str) -> str:
    return TRANSITIONS[state, event]


def before(event: str) -> frozenset[str]:
    """The states from which an event can move a message."""
    return frozenset(state for state, moved_by in TRANSITIONS if moved_by == event)
