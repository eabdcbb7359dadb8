"""The states of urges and bulletins, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.tasks.states import Forbidden

# Urges.
PROPOSED, SENT, ACKNOWLEDGED, ANSWERED = "proposed", "sent", "acknowledged", "answered"
CLOSED, WITHDRAWN, DISMISSED = "closed", "withdrawn", "dismissed"

URGES = {
    PROPOSED: "拟催办",
    SENT: "待签收",
    ACKNOWLEDGED: "待回复",
    ANSWERED: "已回复",
    CLOSED: "已办结",
    WITHDRAWN: "已撤销",
    DISMISSED: "不予催办",
}

PROPOSE, AMEND, ISSUE, DISMISS, LAPSE = "propose", "amend", "issue", "dismiss", "lapse"
ACKNOWLEDGE, REPLY, WITHDRAW, CLOSE = "acknowledge", "reply", "withdraw", "close"

URGE_EVENTS = {
    PROPOSE: "提出催办",
    AMEND: "修改催办单",
    ISSUE: "发出催办单",
    DISMISS: "不予催办",
    LAPSE: "已报送，不再催办",
    ACKNOWLEDGE: "签收催办单",
    REPLY: "回复催办单",
    WITHDRAW: "撤销催办单",
    CLOSE: "办结催办单",
}

# (state, event) → state.
URGE_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (PROPOSED, AMEND): PROPOSED,
    (PROPOSED, ISSUE): SENT,
    (PROPOSED, DISMISS): DISMISSED,
    (PROPOSED, LAPSE): DISMISSED,
    (SENT, ACKNOWLEDGE): ACKNOWLEDGED,
    (ACKNOWLEDGED, REPLY): ANSWERED,
    (SENT, WITHDRAW): WITHDRAWN,
    (ACKNOWLEDGED, WITHDRAW): WITHDRAWN,
    (ANSWERED, WITHDRAW): WITHDRAWN,
    (SENT, CLOSE): CLOSED,
    (ACKNOWLEDGED, CLOSE): CLOSED,
    (ANSWERED, CLOSE): CLOSED,
}

# While an urge stands here, what it covers is not proposed again.
OPEN = frozenset({PROPOSED, SENT, ACKNOWLEDGED, ANSWERED})
# What has left the office, with its number.
ISSUED = frozenset({SENT, ACKNOWLEDGED, ANSWERED, CLOSED, WITHDRAWN})

# Bulletins.
DRAFT, PUBLISHED, DROPPED = "draft", "published", "dropped"

BULLETINS = {DRAFT: "待印发", PUBLISHED: "已印发", DROPPED: "不印发"}

EDIT, PUBLISH, DROP = "edit", "publish", "drop"

BULLETIN_EVENTS = {EDIT: "修改", PUBLISH: "印发", DROP: "不予印发"}

BULLETIN_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (DRAFT, EDIT): DRAFT,
    (DRAFT, PUBLISH): PUBLISHED,
    (DRAFT, DROP): DROPPED,
}


def urge_after(state: str, event: str) -> str:
    try:
        return URGE_TRANSITIONS[state, event]
    except KeyError:
        what = URGE_EVENTS[event]
        message = f"催办单当前是“{URGES[state]}”，不能办理“{what}”，请刷新页面后再看。"
        raise Forbidden(message) from None


def bulletin_after(state: str, event: str) -> str:
    try:
        return BULLETIN_TRANSITIONS[state, event]
    except KeyError:
        what = BULLETIN_EVENTS[event]
        message = f"通报当前是“{BULLETINS[state]}”，不能办理“{what}”，请刷新页面后再看。"
        raise Forbidden(message) from None
