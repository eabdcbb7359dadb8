"""The states of a report, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

DRAFT, SIGNING, SENT_BACK = "draft", "signing", "sent_back"
FILED, RETURNED, ACCEPTED, CORRECTING = "filed", "returned", "accepted", "correcting"

STATES = {
    DRAFT: "起草中",
    SIGNING: "待审签",
    SENT_BACK: "退回修改",
    FILED: "待审核",
    RETURNED: "退回补正",
    ACCEPTED: "已通过",
    CORRECTING: "更正中",
}

SUBMIT, TAKE_BACK, SEND_BACK, SIGN = "submit", "take back", "send back", "sign"
WITHDRAW, BEGIN, RETURN, ACCEPT, AMEND, RECORD = (
    "withdraw",
    "begin",
    "return",
    "accept",
    "amend",
    "record",
)

EVENTS = {
    SUBMIT: "送审",
    TAKE_BACK: "取回修改",
    SEND_BACK: "退回修改",
    SIGN: "审签报送",
    WITHDRAW: "撤回",
    BEGIN: "开始审核",
    RETURN: "退回补正",
    ACCEPT: "审核通过",
    AMEND: "更正",
    RECORD: "代录",
}

# (state, event) → state. Only the unit's own people move what is not filed yet.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    (DRAFT, SUBMIT): SIGNING,
    (SENT_BACK, SUBMIT): SIGNING,
    (RETURNED, SUBMIT): SIGNING,
    (CORRECTING, SUBMIT): SIGNING,
    (SIGNING, TAKE_BACK): SENT_BACK,
    (SIGNING, SEND_BACK): SENT_BACK,
    (SIGNING, SIGN): FILED,
    (DRAFT, RECORD): FILED,
    (RETURNED, RECORD): FILED,
    (FILED, WITHDRAW): SENT_BACK,
    (FILED, BEGIN): FILED,
    (FILED, RETURN): RETURNED,
    (FILED, ACCEPT): ACCEPTED,
    (ACCEPTED, AMEND): CORRECTING,
}

EDITABLE = frozenset({DRAFT, SENT_BACK, RETURNED, CORRECTING})

# How far a task has come.
NOT_STARTED, PLANNING, ADVANCING, LANDED, REJECTED = (
    "not_started",
    "planning",
    "advancing",
    "landed",
    "rejected",
)

STAGES = {
    NOT_STARTED: "未启动",
    PLANNING: "制定方案",
    ADVANCING: "推进中",
    LANDED: "已落地",
    REJECTED: "不采用",
}


def after(state: str, event: str) -> str:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = f"报告当前是“{STATES[state]}”，不能{EVENTS[event]}，请刷新页面后再看。"
        raise Forbidden(message) from None
